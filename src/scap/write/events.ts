// Defines how rows become events of a .scap file: the event, and the source of each of its parameters in the row. The
// newest versions of events are written, with the parameters that the chosen version of libs declares (schemas.ts).
import type { RowForm } from '../../model/batch.js'
import { GENERIC, isInternal } from '../../schema/codes.js'
import { isSyscall } from '../../schema/events/index.js'
import { type RowLayout, rowLayout } from '../../schema/layout.js'
import { SYSCALL_BY_NAME } from '../../schema/syscalls.js'
import type { EventDef, ParamDef } from '../../schema/types.js'
import { ALIAS } from '../convert.js'
import { PPME } from '../libs-codes.js'
import { MARK, recorded, roleTables } from '../roles.js'
import { SYSCALL_IDS } from '../syscall-ids.js'
import { BIT, OUTCOME, type RowProgram } from './native.js'
import { Programmer, type RowValues, ValueTables } from './program.js'
import { DEFAULT_SCHEMA, type ScapSchema } from './schemas.js'

/** libs' number for calls that it does not know. */
const UNKNOWN_CALL = 0
/** The row's parameter with the kernel's number of such a call. */
const NATIVE_ID = 'nativeID'

/** Names of enter parameters in the row, if they differ. */
const ENTER_ALIAS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...ALIAS,
  dup2: { fd: 'oldfd' },
  dup3: { fd: 'oldfd' },
  execveat: { pathname: 'filename' },
}
/** Parameters that are known only at the exit of the call, although its enter event has one of that name. */
const KNOWN_AT_EXIT: ReadonlySet<string> = new Set(['poll fds', 'ppoll fds'])

const NOTHING = new Int32Array()
const DROPPED: RowProgram = [OUTCOME.SILENT, 0, 0, 0, 0, NOTHING]
const [, , MARKS] = roleTables()

/** Creates the programs for the rows of one capture. */
export class EventPrograms {
  readonly values = new ValueTables()

  constructor(
    private readonly defs: readonly (EventDef | undefined)[],
    private readonly layouts: readonly (RowLayout | undefined)[],
    private readonly rows: RowValues,
    private readonly schema: ScapSchema = DEFAULT_SCHEMA,
  ) {}

  /** The program for rows of a code. */
  row(code: number): RowProgram {
    const def = this.defs[code]
    if (def === undefined || isInternal(code)) return DROPPED
    if (code < this.schema.end) return this.event(def, code, libsParams(def, this.schema))
    return isCall(code) ? this.generic(def) : [OUTCOME.OMITTED, 0, 0, 0, 0, NOTHING]
  }

  /**
   * The program for rows that were recorded only with the call's number, or as an older version of the event. The version is
   * preserved: parameters of newer versions are unknown, and libs requires them.
   */
  formed({ type, generic, recordedAs }: RowForm): RowProgram {
    const def = this.defs[type]
    if (def === undefined) return DROPPED
    if (generic === true || recordedAs === undefined) return this.generic(def)
    return this.event(def, recordedAs, recorded.defs[recordedAs]?.params ?? libsParams(def, this.schema))
  }

  /** The program for rows of `def` that become the event `code` with these parameters. */
  private event(def: EventDef, code: number, params: readonly ParamDef[]): RowProgram {
    const programmer = this.programmerFor(def)
    const mark = MARKS[code] ?? 0
    const bits =
      (mark & MARK.WIDE ? BIT.WIDE : 0) |
      (mark & MARK.HIDDEN ? BIT.INTERNAL : 0) |
      ((MARKS[def.code] ?? 0) & MARK.ENDS_THREAD ? BIT.ENDS : 0) |
      (def.state ? BIT.COMPLETE : 0)
    const call = isCall(def.code)
    if (call && (code & 1) === 0 && recorded.defs[code] === undefined) return DROPPED
    if (call && (code & 1) === 0)
      return [OUTCOME.WRITTEN, ...programmer.shape, bits, code, this.enter(def, programmer, code)]
    const alias = ALIAS[def.name] ?? {}
    const exit = programmer.program(params, (p) => indexOf(def, p.name, alias))
    // libs has no enter events for newer calls
    if (!call || recorded.defs[code - 1] === undefined) return [OUTCOME.WRITTEN, ...programmer.shape, bits, code, exit]
    return [OUTCOME.WRITTEN, ...programmer.shape, bits, code, exit, code - 1, this.enter(def, programmer, code - 1)]
  }

  /** The enter event of a call, from a row of its enter or exit event. */
  private enter(def: EventDef, from: Programmer, code: number): Int32Array {
    const alias = ENTER_ALIAS[def.name] ?? {}
    const unknown = (p: ParamDef) => (def.code & 1) === 1 && KNOWN_AT_EXIT.has(`${def.name} ${p.name}`)
    const source = (p: ParamDef) => (unknown(p) ? -1 : indexOf(def, p.name, alias))
    return from.complete(recorded.defs[code]?.params ?? [], source)
  }

  private programmerFor(def: EventDef): Programmer {
    return new Programmer(def, this.layouts[def.code] ?? rowLayout(def), this.rows, this.values)
  }

  /** The program for a call without an event of its own: the file contains only its numbers. */
  private generic(def: EventDef): RowProgram {
    const from = this.programmerFor(def)
    const both = this.numbers(def, from)
    const written = [OUTCOME.WRITTEN, ...from.shape, 0] as const
    if (def.noReturn || (def.code & 1) === 0) return [...written, PPME.GENERIC_E, both]
    return [...written, PPME.GENERIC_X, both, PPME.GENERIC_E, both]
  }

  private numbers(def: EventDef, from: Programmer): Int32Array {
    const id = Math.max(UNKNOWN_CALL, SYSCALL_IDS.indexOf(def.name))
    const given = def.params.find((p) => p.name === NATIVE_ID)
    if (id === UNKNOWN_CALL && given !== undefined) {
      const ids = given.type === 'uint16' ? given : { ...given, type: 'uint16' as const }
      const number = from.program([ids], () => def.params.indexOf(given))
      return Int32Array.from([...Programmer.constants([[id, 'syscallid']]), ...number])
    }
    const nr = def.nr?.[this.rows.arch] ?? SYSCALL_BY_NAME.get(def.name)?.[1] ?? 0
    return Programmer.constants([
      [id, 'syscallid'],
      [nr, 'uint16'],
    ])
  }
}

function isCall(code: number): boolean {
  return isSyscall(code) || code >= GENERIC
}

/** Index of the parameter with that name, or with its current name; -1: none. */
function indexOf(def: EventDef, name: string, alias: Readonly<Record<string, string>>): number {
  return def.params.findIndex((p) => p.name === name || p.name === alias[name])
}

/** The parameters of an event that libs declares, up to the number in the schema. */
export function libsParams(def: EventDef, { declared }: ScapSchema = DEFAULT_SCHEMA): ParamDef[] {
  return def.params.filter((p) => !p.added).slice(0, declared[def.code])
}
