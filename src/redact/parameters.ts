// Which parameters of events have text or data, of what kind each is, and how it lies in a row.

import { selected } from '../schema/cases.js'
import { EVENTS } from '../schema/events/index.js'
import type { EventDef, ParamDef, PrivacyRule, TextMeaning } from '../schema/types.js'
import { TARGET } from './targets.js'

/** How a value lies in a row, and so how it is changed. */
export type Form =
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
  /** the option of privacy that leaves it out; undefined: none does */
  readonly leftOut?: PrivacyRule | undefined
  /** what a file of the kernel has, which tells of processes when it is one of /proc */
  readonly ofFile?: boolean
}

const BUFFERS: PrivacyRule = { by: 'buffers' }
const PLAIN: Parameter = { form: 'text', targets: TARGET.OTHER }
const IP: Parameter = { form: 'ip', targets: TARGET.ADDRESS }

const text = (targets: number): Parameter => ({ ...PLAIN, targets })
const path = (targets: number): Parameter => ({ form: 'path', targets })

const MEANINGS: Readonly<Record<TextMeaning, Parameter | undefined>> = {
  // nobody's secret, and filters and people need it
  'own word': undefined,
  path: path(TARGET.PATH),
  // what becomes, or is, where a process is
  directory: path(TARGET.PATH | TARGET.CWD),
  program: path(TARGET.PATH | TARGET.EXEPATH),
  comm: text(TARGET.NAME),
  // where nothing else tells the path of a program, its exe does
  exe: text(TARGET.EXE | TARGET.EXEPATH),
  exepath: path(TARGET.EXEPATH | TARGET.PATH),
  cwd: path(TARGET.CWD),
  args: { form: 'args', targets: TARGET.ARGS, leftOut: { by: 'args' } },
  env: { form: 'env', targets: TARGET.ENV, leftOut: { by: 'env' } },
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

/** What parameter p of an event is; undefined: it has neither text nor data. */
export function parameterOf(def: EventDef, p: number): Parameter | undefined {
  const param = def.params[p] as ParamDef
  const is = kindOf(def, param)
  const leftOut = param.omittedBy ?? is?.leftOut ?? declared(def, param)
  return is === undefined || leftOut === undefined ? is : { ...is, leftOut }
}

/** What today's declaration of a parameter says of privacy, by its name in that event: files do not have it. */
function declared(def: EventDef, { name, type }: ParamDef): PrivacyRule | undefined {
  const today = EVENTS[def.code]
  const param = today?.params.find((p) => p.name === name && p.type === type)
  return today && param && (param.omittedBy ?? dataIn(today, param))
}

function kindOf(def: EventDef, param: ParamDef): Parameter | undefined {
  if (param.type === 'ipv4addr') return IP
  if (param.wire !== 'var' || param.type === 'fdlist') return undefined
  if (param.type === 'ipv6addr') return IP
  const means = meaningOf(def, param)
  if (means !== undefined) return MEANINGS[means]
  switch (param.type) {
    case 'fspath':
    case 'fsrelpath':
      return MEANINGS[known().tasks.get(def.name) === 'exec' ? 'program' : 'path']
    case 'charbuf':
      return PLAIN
    case 'sockaddr':
    case 'socktuple':
      return {
        form: param.type === 'sockaddr' ? 'sockaddr' : 'tuple',
        targets: TARGET.ADDRESS | TARGET.PATH,
      }
    case 'bytebuf':
      return { form: 'data', targets: TARGET.BUFFER, leftOut: BUFFERS, ofFile: true }
    case 'dyn':
      return { form: 'dyn', targets: TARGET.OTHER }
    default: {
      const leftOut = dataIn(def, param)
      return { form: 'structure', targets: leftOut === undefined ? TARGET.OTHER : TARGET.BUFFER, leftOut }
    }
  }
}

/** Of today's events: what calls do with processes, by name; what texts mean, by their names, where all of a name mean the same. */
interface Known {
  readonly tasks: ReadonlyMap<string, EventDef['task']>
  readonly meanings: ReadonlyMap<string, TextMeaning | undefined>
}

let found: Known | undefined

function known(): Known {
  if (found !== undefined) return found
  const tasks = new Map<string, EventDef['task']>()
  const meanings = new Map<string, TextMeaning | undefined>()
  for (const def of EVENTS) {
    if (def === undefined) continue
    tasks.set(def.name, def.task)
    for (const { name, wire, means } of def.params)
      if (wire === 'var') meanings.set(name, !meanings.has(name) || meanings.get(name) === means ? means : undefined)
  }
  found = { tasks, meanings }
  return found
}

/** What a text is: as declared, and of an event that only a file knows, what texts of its name are in those of today. */
function meaningOf(def: EventDef, { name, type, means }: ParamDef): TextMeaning | undefined {
  if (means !== undefined || EVENTS[def.code] === def || type === 'struct' || type === 'dyn') return means
  return known().meanings.get(name)
}

/** When a structure is a buffer: always, or for values of the argument that selects what it is; undefined: never. */
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
