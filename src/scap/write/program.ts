// Programs: how an event is put together from the parameters of a row, step by step. native/scap/write_event.cc runs them.
import { flagKind } from '../../schema/flags/convert.js'
import { pollFlags } from '../../schema/flags/ipc.js'
import type { RowLayout } from '../../schema/layout.js'
import type { Arch, EventDef, FlagTable, ParamDef, ParamType } from '../../schema/types.js'
import type { ValueTables } from './values.js'

/** What a step writes; native/scap/write.h has the same values. */
const enum Op {
  /** nothing: a parameter of length 0 */
  Nothing,
  Number,
  Result,
  Constant,
  Bytes,
  /** with a NUL at its end */
  Text,
  /** with a NUL at the end of a path */
  Address,
  /** poll's list */
  Polled,
}
/** What stands for a number that is absent. */
const enum Fill {
  Nothing,
  Zero,
  Ones,
}
/** Numbers of a step: operation, parameter of the row, its place there, how it lies there, bytes to write, what stands for an
 * absent one, table of values (-1: none), then on what it depends: place, wire (0: on nothing), whether as a whole, wanted value or
 * bits. */
type Step = [number, number, number, number, number, number, number, number, number, number, number]
const NO_STEP: Step = [Op.Nothing, 0, 0, 0, 0, Fill.Nothing, -1, 0, 0, 0, 0]

/** Bytes of a parameter in a file, by libs' types; the others are as long as they are. */
export const SIZE: Partial<Record<ParamType, 1 | 2 | 4 | 8>> = {
  ...fill(1, ['int8', 'uint8', 'sigtype', 'flags8', 'enumflags8']),
  ...fill(2, ['int16', 'uint16', 'syscallid', 'flags16', 'enumflags16', 'port']),
  ...fill(4, ['int32', 'uint32', 'bool', 'flags32', 'enumflags32', 'uid', 'gid', 'sigset', 'mode', 'ipv4addr']),
  ...fill(4, ['fd32', 'pid32']),
  ...fill(8, ['int64', 'uint64', 'errno', 'fd', 'pid', 'reltime', 'abstime', 'double']),
}
/** Numbers that are all ones where there is none: limits, descriptors, processes, users. */
const NONE_IS_ONES: ReadonlySet<ParamType> = new Set(['int64', 'fd', 'pid', 'uid', 'gid'])
const ADDRESSES: ReadonlySet<ParamType> = new Set(['sockaddr', 'socktuple'])
const TEXTS: ReadonlySet<ParamType> = new Set(['charbuf', 'fspath', 'fsrelpath'])

function fill(size: 1 | 2 | 4 | 8, types: readonly ParamType[]): Partial<Record<ParamType, 1 | 2 | 4 | 8>> {
  return Object.fromEntries(types.map((t) => [t, size]))
}

/** Rows as they come, and whose values they hold. */
export interface RowsOf {
  readonly native: boolean
  readonly arch: Arch
}

/** Makes programs from rows of one event. */
export class Programmer {
  constructor(
    private readonly def: EventDef,
    private readonly layout: RowLayout,
    private readonly rows: RowsOf,
    private readonly values: ValueTables,
  ) {}

  /** Bytes of the fixed part of the rows, and number of their variable parameters. */
  get shape(): readonly [fixed: number, vars: number] {
    return [this.layout.fixed, this.layout.offset.filter((o) => o < -1).length]
  }

  /** Writes the parameters `written`, each from the row's parameter that `source` says (-1: from none). */
  program(written: readonly ParamDef[], source: (p: ParamDef, i: number) => number): Int32Array {
    return Int32Array.from(written.flatMap((p, i) => this.step(p, source(p, i))))
  }

  /**
   * The same for an event that has all of its parameters, also those that no row tells: libs ends at one that has fewer where it keeps its
   * tables by it.
   */
  whole(written: readonly ParamDef[], source: (p: ParamDef, i: number) => number): Int32Array {
    return Int32Array.from(
      written.flatMap((p, i) => {
        const at = source(p, i)
        const size = SIZE[p.type]
        return at < 0 && size !== undefined && this.fills
          ? [Op.Nothing, 0, 0, 0, size, this.fillOf(p), -1, 0, 0, 0, 0]
          : this.step(p, at)
      }),
    )
  }

  /** Writes numbers that are the same in each row, by their sizes. */
  static constants(numbers: readonly (readonly [value: number, type: ParamType])[]): Int32Array {
    return Int32Array.from(
      numbers.flatMap(([value, type]) => [Op.Constant, 0, value, 0, SIZE[type] ?? 0, Fill.Nothing, -1, 0, 0, 0, 0]),
    )
  }

  private step(written: ParamDef, i: number): Step {
    const p = this.def.params[i]
    const place = this.layout.offset[i]
    const size = SIZE[written.type]
    if (p === undefined || place === undefined) return NO_STEP
    if (place < -1) return [bytesOp(written.type), i, -2 - place, 0, 0, Fill.Nothing, this.polled(written), 0, 0, 0, 0]
    if (size === undefined) return NO_STEP
    const fill = this.fills ? this.fillOf(written) : Fill.Nothing
    if (place === -1) return [Op.Result, i, 0, 0, size, fill, -1, 0, 0, 0, 0]
    return [Op.Number, i, place, this.layout.wire[i] ?? 0, size, fill, this.table(p), ...this.condition(p)]
  }

  /** Whether absent numbers are written: libs takes them for granted in what it keeps its tables by. Those of other tools' files
   * were never there. */
  private get fills(): boolean {
    return this.rows.native && this.def.state === true
  }

  private fillOf({ type }: ParamDef): Fill {
    return NONE_IS_ONES.has(type) ? Fill.Ones : Fill.Zero
  }

  /** Rows of other tools' files have libs' values already. */
  private table(p: ParamDef): number {
    const kind = flagKind(p.type)
    if (!this.rows.native || p.flags === undefined || kind === undefined) return -1
    return this.values.indexOf(this.machine(p.flags), kind)
  }

  private polled(written: ParamDef): number {
    return this.rows.native && written.type === 'fdlist' ? this.values.indexOf(this.machine(pollFlags), 'flags') : -1
  }

  private machine(table: FlagTable): FlagTable {
    return this.rows.arch === 'arm64' ? (table.arm64 ?? table) : table
  }

  private condition({ onlyIf }: ParamDef): [number, number, number, number] {
    const place = onlyIf === undefined ? undefined : this.layout.offset[onlyIf.param]
    if (!this.rows.native || onlyIf === undefined || place === undefined || place < 0) return [0, 0, 0, 0]
    const wire = this.layout.wire[onlyIf.param] ?? 0
    return onlyIf.is !== undefined ? [place, wire, 1, onlyIf.is | 0] : [place, wire, 0, (onlyIf.any ?? 0) | 0]
  }
}

function bytesOp(type: ParamType): Op {
  if (TEXTS.has(type)) return Op.Text
  if (ADDRESSES.has(type)) return Op.Address
  return type === 'fdlist' ? Op.Polled : Op.Bytes
}
