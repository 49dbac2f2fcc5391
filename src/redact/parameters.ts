// Which parameters of events have text or data, of what kind each is, and how it lies in a row.
import { EVENTS } from '../schema/events/index.js'
import type { EventDef, ParamDef, Source, TextMeaning } from '../schema/types.js'
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
  /** data that a program read, wrote or sent, which --no-buffers leaves out */
  readonly buffer: boolean
}

const PLAIN: Parameter = { form: 'text', targets: TARGET.OTHER, buffer: false }
const IP: Parameter = { form: 'ip', targets: TARGET.ADDRESS, buffer: false }

const text = (targets: number): Parameter => ({ ...PLAIN, targets })
const path = (targets: number): Parameter => ({ form: 'path', targets, buffer: false })

const MEANINGS: Readonly<Record<TextMeaning, Parameter>> = {
  path: path(TARGET.PATH),
  // what becomes, or is, where a process is
  directory: path(TARGET.PATH | TARGET.CWD),
  program: path(TARGET.PATH | TARGET.EXEPATH),
  comm: text(TARGET.NAME),
  // where nothing else tells the path of a program, its exe does
  exe: text(TARGET.EXE | TARGET.EXEPATH),
  exepath: path(TARGET.EXEPATH | TARGET.PATH),
  cwd: path(TARGET.CWD),
  args: { form: 'args', targets: TARGET.ARGS, buffer: false },
  env: { form: 'env', targets: TARGET.ENV, buffer: false },
  cgroup: { form: 'cgroup', targets: TARGET.CGROUP, buffer: false },
  cgroups: { form: 'cgroups', targets: TARGET.CGROUP, buffer: false },
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
        buffer: false,
      }
    case 'bytebuf':
      return { form: 'data', targets: TARGET.BUFFER, buffer: true }
    case 'dyn':
      return { form: 'dyn', targets: TARGET.OTHER, buffer: false }
    default:
      return isData(param.from)
        ? { form: 'structure', targets: TARGET.BUFFER, buffer: true }
        : { form: 'structure', targets: TARGET.OTHER, buffer: false }
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

/** Whether an argument is, or may be, a buffer. */
function isData(from: Source): boolean {
  if (from.op === 'bytes') return from.data === true
  if (from.op !== 'case') return false
  return [...from.table.cases.values()].some((c) => c.from?.op === 'bytes' && c.from.data === true)
}
