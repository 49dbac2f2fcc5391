// Programs, which build an event from the parameters of a row, step by step. native/scap/write_event.cc executes them.
import { type FlagKind, flagKind, toPortable } from '../../schema/flags/convert.js'
import { pollFlags } from '../../schema/flags/ipc.js'
import type { RowLayout } from '../../schema/layout.js'
import type { Arch, EventDef, FlagTable, ParamDef, ParamType } from '../../schema/types.js'

/** The operation of a step; native/scap/write.h has the same values. */
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
  /** poll's list of descriptors */
  Polled,
}
/** What is written for an absent number. */
const enum Fill {
  Nothing,
  Zero,
  Ones,
}
/**
 * Numbers of a step: operation; parameter of the row, its offset there, its wire type; bytes to write; what is written for an
 * absent number; table of values (-1: none); then a condition: offset, wire type (0: none), 1 for equality, value or bits.
 */
type Step = [number, number, number, number, number, number, number, number, number, number, number]
const NO_STEP: Step = [Op.Nothing, 0, 0, 0, 0, Fill.Nothing, -1, 0, 0, 0, 0]

const TWO32 = 4294967296
/** Sizes in a file of libs' parameter types; others have variable lengths. */
export const SIZE: Partial<Record<ParamType, 1 | 2 | 4 | 8>> = {
  ...fill(1, ['int8', 'uint8', 'sigtype', 'flags8', 'enumflags8']),
  ...fill(2, ['int16', 'uint16', 'syscallid', 'flags16', 'enumflags16', 'port']),
  ...fill(4, ['int32', 'uint32', 'bool', 'flags32', 'enumflags32', 'uid', 'gid', 'sigset', 'mode', 'ipv4addr']),
  ...fill(4, ['fd32', 'pid32']),
  ...fill(8, ['int64', 'uint64', 'errno', 'fd', 'pid', 'reltime', 'abstime', 'double']),
}
/** Types of numbers for which all ones mean that there is none: limits, descriptors, processes, users. */
const NONE_IS_ONES: ReadonlySet<ParamType> = new Set(['int64', 'fd', 'pid', 'uid', 'gid'])
const ADDRESSES: ReadonlySet<ParamType> = new Set(['sockaddr', 'socktuple'])
const TEXTS: ReadonlySet<ParamType> = new Set(['charbuf', 'fspath', 'fsrelpath'])

function fill(size: 1 | 2 | 4 | 8, types: readonly ParamType[]): Partial<Record<ParamType, 1 | 2 | 4 | 8>> {
  return Object.fromEntries(types.map((t) => [t, size]))
}

/** The form of a capture's values: the kernel's or libs'. */
export interface RowValues {
  readonly native: boolean
  readonly arch: Arch
}

/** Tables that convert the kernel's flags and choices to libs' values, each with an index for the addon. */
export class ValueTables {
  private readonly tables: { readonly table: FlagTable; readonly kind: FlagKind }[] = []

  /** The index of a table of bits or alternatives. */
  indexOf(table: FlagTable, kind: FlagKind): number {
    const found = this.tables.findIndex((t) => t.table === table && t.kind === kind)
    return found >= 0 ? found : this.tables.push({ table, kind }) - 1
  }

  /** libs' 32-bit value for the kernel's, whose halves are given; `low` is signed. */
  portable(index: number, low: number, high: number): number {
    const { table, kind } = this.tables[index] as (typeof this.tables)[number]
    const value = high === 0xffffffff ? low | 0 : low + high * TWO32
    return toPortable(table, kind, value) >>> 0
  }
}

/** Creates programs for rows of one event. */
export class Programmer {
  constructor(
    private readonly def: EventDef,
    private readonly layout: RowLayout,
    private readonly rows: RowValues,
    private readonly values: ValueTables,
  ) {}

  /** Size of the rows' fixed part, and number of their variable parameters. */
  get shape(): readonly [fixed: number, vars: number] {
    return [this.layout.fixed, this.layout.offset.filter((o) => o < -1).length]
  }

  /** Writes the parameters `written`, each from the row's parameter with index source() (-1: none). */
  program(written: readonly ParamDef[], source: (p: ParamDef, i: number) => number): Int32Array {
    return Int32Array.from(written.flatMap((p, i) => this.step(p, source(p, i))))
  }

  /**
   * The same for an event with all of its parameters, including those that rows lack: libs fails at an event with fewer if it
   * maintains its tables by it.
   */
  complete(written: readonly ParamDef[], source: (p: ParamDef, i: number) => number): Int32Array {
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

  /** Writes constant numbers, with the sizes of their types. */
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

  /**
   * Whether absent numbers are written: libs requires them in events that it maintains its tables by. In files of other
   * tools they were never recorded.
   */
  private get fills(): boolean {
    return this.rows.native && this.def.state === true
  }

  private fillOf({ type }: ParamDef): Fill {
    return NONE_IS_ONES.has(type) ? Fill.Ones : Fill.Zero
  }

  /** The table for a parameter; -1 for rows of other tools' files, which already have libs' values. */
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
