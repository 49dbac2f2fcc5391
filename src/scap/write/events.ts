// Which event of a .scap file a row becomes, and from where in the row each of its parameters comes. The newest versions of events are
// written, with the parameters that the chosen version of libs declares (schemas.ts).
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
import { BIT, FATE, type Written } from './native.js'
import { Programmer, type RowsOf } from './program.js'
import { DEFAULT_SCHEMA, type ScapSchema } from './schemas.js'
import { ValueTables } from './values.js'

/** libs' name of calls that it has no number for. */
const UNKNOWN_CALL = 0
/** The parameter of a row that has the kernel's number of such a call. */
const NATIVE_ID = 'nativeID'

/** Names that the row has for parameters of an enter event. */
const ENTER_ALIAS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...ALIAS,
  dup2: { fd: 'oldfd' },
  dup3: { fd: 'oldfd' },
  execveat: { pathname: 'filename' },
}
/** What is known of a call only when it has ended, though its enter event has a parameter of that name. */
const TOLD_AT_EXIT: ReadonlySet<string> = new Set(['poll fds', 'ppoll fds'])

const NOTHING = new Int32Array()
const DROPPED: Written = [FATE.SILENT, 0, 0, 0, 0, NOTHING]
const [, , MARKS] = roleTables()

/** Makes what rows become, for the rows of one capture. */
export class EventPrograms {
  readonly values = new ValueTables()

  constructor(
    private readonly defs: readonly (EventDef | undefined)[],
    private readonly layouts: readonly (RowLayout | undefined)[],
    private readonly rows: RowsOf,
    private readonly schema: ScapSchema = DEFAULT_SCHEMA,
  ) {}

  /** What rows of a code become. */
  row(code: number): Written {
    const def = this.defs[code]
    if (def === undefined || isInternal(code)) return DROPPED
    if (code < this.schema.end) return this.event(def, code, libsParams(def, this.schema))
    return isCall(code) ? this.generic(def) : [FATE.LEFT_OUT, 0, 0, 0, 0, NOTHING]
  }

  /** What rows become that were recorded by the call's number alone, or as an older version of the event. That they stay: what
   * newer ones have besides is not known, and libs takes it for granted. */
  formed({ type, generic, recordedAs }: RowForm): Written {
    const def = this.defs[type]
    if (def === undefined) return DROPPED
    if (generic === true || recordedAs === undefined) return this.generic(def)
    return this.event(def, recordedAs, recorded.defs[recordedAs]?.params ?? libsParams(def, this.schema))
  }

  /** Rows of `def` become the event `code` with these parameters. */
  private event(def: EventDef, code: number, params: readonly ParamDef[]): Written {
    const own = this.programmer(def)
    const mark = MARKS[code] ?? 0
    const bits =
      (mark & MARK.WIDE ? BIT.WIDE : 0) |
      (mark & MARK.HIDDEN ? BIT.INTERNAL : 0) |
      ((MARKS[def.code] ?? 0) & MARK.ENDS_THREAD ? BIT.ENDS : 0) |
      (def.state ? BIT.COMPLETE : 0)
    const call = isCall(def.code)
    if (call && (code & 1) === 0 && recorded.defs[code] === undefined) return DROPPED
    if (call && (code & 1) === 0) return [FATE.WRITTEN, ...own.shape, bits, code, this.enter(def, own, code)]
    const alias = ALIAS[def.name] ?? {}
    const made = own.program(params, (p) => at(def, p.name, alias))
    // of newer calls libs has no enter event
    if (!call || recorded.defs[code - 1] === undefined) return [FATE.WRITTEN, ...own.shape, bits, code, made]
    return [FATE.WRITTEN, ...own.shape, bits, code, made, code - 1, this.enter(def, own, code - 1)]
  }

  /** The enter event of a call, from a row of its beginning or of its end. */
  private enter(def: EventDef, from: Programmer, code: number): Int32Array {
    const alias = ENTER_ALIAS[def.name] ?? {}
    const unknown = (p: ParamDef) => (def.code & 1) === 1 && TOLD_AT_EXIT.has(`${def.name} ${p.name}`)
    const source = (p: ParamDef) => (unknown(p) ? -1 : at(def, p.name, alias))
    return from.whole(recorded.defs[code]?.params ?? [], source)
  }

  private programmer(def: EventDef): Programmer {
    return new Programmer(def, this.layouts[def.code] ?? rowLayout(def), this.rows, this.values)
  }

  /** A call without an event of its own: its numbers are all that the file has of it. */
  private generic(def: EventDef): Written {
    const from = this.programmer(def)
    const both = this.numbers(def, from)
    const written = [FATE.WRITTEN, ...from.shape, 0] as const
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

/** Which parameter has that name, or the one that it goes by now; -1: none. */
function at(def: EventDef, name: string, alias: Readonly<Record<string, string>>): number {
  return def.params.findIndex((p) => p.name === name || p.name === alias[name])
}

/** The parameters of an event that libs has, as far as they may be written. */
export function libsParams(def: EventDef, { declared }: ScapSchema = DEFAULT_SCHEMA): ParamDef[] {
  return def.params.filter((p) => !p.added).slice(0, declared[def.code])
}
