// Which parameters of events have text or data, of what kind each is, and how it lies in a row.
import type { EventDef, ParamDef, Source } from '../schema/types.js'
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

/** Parameters that are the same in all events that have one of the name. */
const BY_NAME: Readonly<Record<string, Parameter>> = {
  comm: { ...PLAIN, targets: TARGET.NAME },
  // where nothing else tells the path of a program, its exe does
  exe: { ...PLAIN, targets: TARGET.EXE | TARGET.EXEPATH },
  cwd: { form: 'path', targets: TARGET.CWD, buffer: false },
  root: { form: 'path', targets: TARGET.CWD, buffer: false },
  trusted_exepath: { form: 'path', targets: TARGET.EXEPATH | TARGET.PATH, buffer: false },
  exepath: { form: 'path', targets: TARGET.EXEPATH | TARGET.PATH, buffer: false },
  argv: { form: 'args', targets: TARGET.ARGS, buffer: false },
  env: { form: 'env', targets: TARGET.ENV, buffer: false },
  cgroups: { form: 'cgroups', targets: TARGET.CGROUP, buffer: false },
}

/** Others, by event and name. */
const BY_EVENT: Readonly<Record<string, Parameter>> = {
  'container.json': { form: 'container', targets: TARGET.OTHER, buffer: false },
  'throttle.cgroup': { form: 'cgroup', targets: TARGET.CGROUP, buffer: false },
  'ks_cgroup.path': { form: 'cgroup', targets: TARGET.CGROUP, buffer: false },
  'asyncevent.data': { ...PLAIN, form: 'container' },
  'sethostname.name': { ...PLAIN, targets: TARGET.HOST },
  // what becomes the name or the directories of a process
  'prctl.arg2_str': { ...PLAIN, targets: TARGET.NAME },
  'chdir.path': { form: 'path', targets: TARGET.PATH | TARGET.CWD, buffer: false },
  'chroot.path': { form: 'path', targets: TARGET.PATH | TARGET.CWD, buffer: false },
  'getcwd.path': { form: 'path', targets: TARGET.PATH | TARGET.CWD, buffer: false },
}
const ID: Parameter = { ...PLAIN, form: 'id' }
for (const event of ['useradded', 'userdeleted'])
  Object.assign(BY_EVENT, {
    [`${event}.name`]: { ...PLAIN, targets: TARGET.USER },
    [`${event}.home`]: { form: 'path', targets: TARGET.HOME, buffer: false },
    [`${event}.shell`]: { form: 'path', targets: TARGET.SHELL, buffer: false },
    [`${event}.container_id`]: ID,
  })
for (const event of ['groupadded', 'groupdeleted'])
  Object.assign(BY_EVENT, {
    [`${event}.name`]: { ...PLAIN, targets: TARGET.GROUP },
    [`${event}.container_id`]: ID,
  })

/** Texts of calls that are paths, though libs has them as text. */
const PATHS = new Set(['path', 'path2', 'target', 'special', 'quotafilepath', 'dev'])
const PATH_CALLS = new Set(['readlink', 'readlinkat', 'acct', 'memfd_create', 'mq_open', 'mq_unlink'])
const PROGRAMS = new Set(['execve', 'execveat', 'ks_exec'])
const CLONES_AND_PROGRAMS = new Set(['execve', 'execveat', 'clone', 'clone3', 'fork', 'vfork'])

/** What parameter p of an event is; undefined: it has neither text nor data. */
export function parameterOf(def: EventDef, p: number): Parameter | undefined {
  const param = def.params[p] as ParamDef
  const key = `${def.name}.${param.name}`
  if (param.type === 'ipv4addr') return IP
  if (param.wire !== 'var' || param.type === 'fdlist') return undefined
  if (param.type === 'ipv6addr') return IP
  if (Object.hasOwn(BY_EVENT, key)) return BY_EVENT[key]
  if (param.name === 'args' && CLONES_AND_PROGRAMS.has(def.name)) return BY_NAME.argv
  const named = Object.hasOwn(BY_NAME, param.name) ? BY_NAME[param.name] : undefined
  // structures and data are what they are, however they are called
  if (named !== undefined && param.type !== 'struct' && param.type !== 'dyn') return named
  switch (param.type) {
    case 'fspath':
    case 'fsrelpath':
      return { form: 'path', targets: TARGET.PATH | (PROGRAMS.has(def.name) ? TARGET.EXEPATH : 0), buffer: false }
    case 'charbuf':
      return PATHS.has(param.name) || PATH_CALLS.has(def.name)
        ? { form: 'path', targets: TARGET.PATH, buffer: false }
        : PLAIN
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

/** Whether an argument is, or may be, a buffer. */
function isData(from: Source): boolean {
  if (from.op === 'bytes') return from.data === true
  if (from.op !== 'case') return false
  return [...from.table.cases.values()].some((c) => c.from?.op === 'bytes' && c.from.data === true)
}
