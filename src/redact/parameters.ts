// Which parameters of events contain text or data, the kind of each, and its encoding in a row.

import { selected } from '../schema/cases.js'
import { EVENTS } from '../schema/events/index.js'
import type { EventDef, ParamDef, PrivacyRule, TextMeaning } from '../schema/types.js'
import { TARGET } from './targets.js'

/** The encoding of a value in a row, which determines how it is edited. */
type Form =
  | 'text'
  | 'path'
  | 'args'
  | 'env'
  | 'cgroups'
  | 'cgroup'
  | 'data'
  | 'structure'
  | 'dyn'
  | 'sockaddr'
  | 'tuple'
  | 'ip'
  | 'container'
  | 'id'

export interface Parameter {
  readonly form: Form
  /** TARGET bits */
  readonly targets: number
  /** the privacy option that omits it; undefined: none */
  readonly omittedBy?: PrivacyRule | undefined
  /** it may contain data read from a file, which is private if the file is /proc/PID/environ or cmdline */
  readonly ofFile?: boolean
}

const BUFFERS: PrivacyRule = { by: 'buffers' }
const PLAIN: Parameter = { form: 'text', targets: TARGET.OTHER }
const IP: Parameter = { form: 'ip', targets: TARGET.ADDRESS }

const text = (targets: number): Parameter => ({ ...PLAIN, targets })
const path = (targets: number): Parameter => ({ form: 'path', targets })

const MEANINGS: Readonly<Record<TextMeaning, Parameter | undefined>> = {
  // not secret, and needed by filters and users
  'own word': undefined,
  path: path(TARGET.PATH),
  // the directory where a process is, or that it changes to
  directory: path(TARGET.PATH | TARGET.CWD),
  program: path(TARGET.PATH | TARGET.EXEPATH),
  comm: text(TARGET.NAME),
  // if the path of a program is unknown, its exe may contain it
  exe: text(TARGET.EXE | TARGET.EXEPATH),
  exepath: path(TARGET.EXEPATH | TARGET.PATH),
  cwd: path(TARGET.CWD),
  args: { form: 'args', targets: TARGET.ARGS, omittedBy: { by: 'args' } },
  env: { form: 'env', targets: TARGET.ENV, omittedBy: { by: 'env' } },
  cgroup: { form: 'cgroup', targets: TARGET.CGROUP },
  cgroups: { form: 'cgroups', targets: TARGET.CGROUP },
  user: text(TARGET.USER),
  group: text(TARGET.GROUP),
  home: path(TARGET.HOME),
  shell: path(TARGET.SHELL),
  host: text(TARGET.HOST),
  stack: text(TARGET.STACK),
  container: { ...PLAIN, form: 'container' },
  'container id': { ...PLAIN, form: 'id' },
}

/** Describes parameter p of an event; undefined: it contains neither text nor data. */
export function parameterOf(def: EventDef, p: number): Parameter | undefined {
  const param = def.params[p] as ParamDef
  const parameter = classify(def, param)
  const omittedBy = param.omittedBy ?? parameter?.omittedBy ?? declared(def, param)
  return parameter === undefined || omittedBy === undefined ? parameter : { ...parameter, omittedBy }
}

/** The privacy rule in the current declaration of a parameter, found by name: files do not store it. */
function declared(def: EventDef, { name, type }: ParamDef): PrivacyRule | undefined {
  const today = EVENTS[def.code]
  const param = today?.params.find((p) => p.name === name && p.type === type)
  return today && param && (param.omittedBy ?? dataIn(today, param))
}

function classify(def: EventDef, param: ParamDef): Parameter | undefined {
  if (param.type === 'ipv4addr') return IP
  if (param.wire !== 'var' || param.type === 'fdlist') return undefined
  if (param.type === 'ipv6addr') return IP
  const means = meaningOf(def, param)
  if (means !== undefined) return MEANINGS[means]
  switch (param.type) {
    case 'fspath':
    case 'fsrelpath':
      return MEANINGS[currentEvents().tasks.get(def.name) === 'exec' ? 'program' : 'path']
    case 'charbuf':
      return PLAIN
    case 'sockaddr':
    case 'socktuple':
      return {
        form: param.type === 'sockaddr' ? 'sockaddr' : 'tuple',
        targets: TARGET.ADDRESS | TARGET.PATH,
      }
    case 'bytebuf':
      return { form: 'data', targets: TARGET.BUFFER, omittedBy: BUFFERS, ofFile: true }
    case 'dyn':
      return { form: 'dyn', targets: TARGET.OTHER }
    default: {
      const omittedBy = dataIn(def, param)
      return { form: 'structure', targets: omittedBy === undefined ? TARGET.OTHER : TARGET.BUFFER, omittedBy }
    }
  }
}

/** Facts of the current events: tasks of calls by name; meanings of texts by parameter name, if all parameters of that name agree. */
interface CurrentEvents {
  readonly tasks: ReadonlyMap<string, EventDef['task']>
  readonly meanings: ReadonlyMap<string, TextMeaning | undefined>
}

let cachedFacts: CurrentEvents | undefined

function currentEvents(): CurrentEvents {
  if (cachedFacts !== undefined) return cachedFacts
  const tasks = new Map<string, EventDef['task']>()
  const meanings = new Map<string, TextMeaning | undefined>()
  for (const def of EVENTS) {
    if (def === undefined) continue
    tasks.set(def.name, def.task)
    for (const { name, wire, means } of def.params)
      if (wire === 'var') meanings.set(name, !meanings.has(name) || meanings.get(name) === means ? means : undefined)
  }
  cachedFacts = { tasks, meanings }
  return cachedFacts
}

/** The meaning of a text: as declared; for an event that only exists in a file, that of parameters with this name in current events. */
function meaningOf(def: EventDef, { name, type, means }: ParamDef): TextMeaning | undefined {
  if (means !== undefined || EVENTS[def.code] === def || type === 'struct' || type === 'dyn') return means
  return currentEvents().meanings.get(name)
}

/** When a structure counts as a buffer: always, or for some values of the argument that selects its case; undefined: never. */
function dataIn(def: EventDef, { from, cases }: ParamDef): PrivacyRule | undefined {
  if (from.op === 'bytes') return from.data ? BUFFERS : undefined
  if (from.op !== 'case') return undefined
  const { table } = from
  const isData = (value: number) => {
    const source = selected(table, value)?.from
    return source?.op === 'bytes' && source.data === true
  }
  if (![...table.cases.keys()].some(isData)) return undefined
  const by = def.params[cases?.by ?? -1]?.name
  if (by === undefined) return BUFFERS
  return {
    by: 'buffers',
    when: (row) => {
      const value = row.numberOf(by)
      return value === undefined || isData(value)
    },
  }
}
