// proc.*: names and command line of a process.
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { NO_ARGS } from '../source/source.js'
import { eachAncestor, ifDescribed, parentOf } from './ancestors.js'
import { args, cmdline, env, exe, exeline, exepath, isArgsTruncated, isEnvTruncated, variable } from './command.js'
import { type FieldDef, type FieldType, type FieldValue, field, stateOf } from './field.js'

/** A field of the event's thread. */
export function threadField<T extends FieldValue>(
  type: FieldType,
  doc: string,
  get: (t: Thread) => T | undefined,
  more: Partial<FieldDef<T>> = {},
): FieldDef<T> {
  return field<T>({
    type,
    doc,
    cost: 4,
    make: () => (e) => {
      const t = e.thread
      return t === undefined ? undefined : get(t)
    },
    ...more,
  })
}

/** A field of the event's parent process. */
function parentField<T extends FieldValue>(
  type: FieldType,
  doc: string,
  get: (t: Thread) => T | undefined,
  more: Partial<FieldDef<T>> = {},
): FieldDef<T> {
  const known = ifDescribed(get)
  return threadField<T>(
    type,
    doc,
    (t) => {
      const p = parentOf(t)
      return p === undefined ? undefined : known(p)
    },
    { ofProcess: 'ancestors', ...more },
  )
}

/** Values that are updated by the memory reports of threads. */
const times = { needs: ['times'] } as const
const own = { literals: { kind: 'text', of: 'thread' }, ofProcess: 'own' } as const
const text = { cost: 64, ...own } as const
const truncated = (field: string, of: (t: Thread) => boolean | undefined) => ({
  truncated: { field, of: (e: Event) => e.thread !== undefined && of(e.thread) === true },
})
const withArgs = { ...text, ...truncated('proc.is_args_truncated', isArgsTruncated) } as const
/** A process whose name was never seen has none. */
const comm = (t: Thread): string | undefined => t.comm || undefined
function cwd(t: Thread): string | undefined {
  const dir = t.cwd || t.leader.cwd
  return dir === '' ? undefined : dir.endsWith('/') ? dir : `${dir}/`
}
function nthreads(e: Event): number | undefined {
  const n = e.thread?.leader.nThreads
  return n === undefined || e.def.name !== 'procexit' || e.thread?.exited ? n : n - 1
}

const known = (id: number): number | undefined => (id < 0 ? undefined : id)

/** Major device numbers of terminals: consoles and serial lines, and the several ones of pseudo terminals. */
const MAJOR = { TTY: 4, PTS: 136, PTS_END: 144 } as const
const CONSOLES = 64

/** The name under /dev of the terminal with that device number, as encoded in /proc/PID/stat. */
function ttyName(dev: number): string | undefined {
  const major = (dev >> 8) & 0xfff
  const minor = (dev & 0xff) | ((dev >> 12) & 0xfff00)
  if (major >= MAJOR.PTS && major < MAJOR.PTS_END) return `pts/${((major - MAJOR.PTS) << 8) + minor}`
  if (major !== MAJOR.TTY) return dev === 0 ? undefined : `${major}:${minor}`
  return minor < CONSOLES ? `tty${minor}` : `ttyS${minor - CONSOLES}`
}

export const fields = {
  'proc.name': threadField('string', 'Name of the process in the kernel (15 characters).', comm, {
    ...own,
    steady: true,
    property: 'comm',
  }),
  'proc.pid': threadField('int64', 'Process id.', (t) => t.pid, { property: 'pid', ofProcess: 'own' }),
  'proc.ppid': threadField('int64', 'Process id of the parent.', (t) => known(t.leader.ptid), {
    ofProcess: 'ancestors',
  }),
  'proc.pname': parentField('string', 'Name of the parent process.', comm),
  'proc.vpid': threadField('int64', 'Process id in its own pid namespace.', (t) => t.vpid),
  'proc.pvpid': parentField('int64', 'Process id of the parent in its own pid namespace.', (t) => t.vpid),
  'proc.exe': threadField('string', 'The program as called (argv[0]).', exe, own),
  'proc.pexe': parentField('string', "The parent's program as called (argv[0]).", exe),
  'proc.exepath': threadField('string', 'Path of the program file.', exepath, own),
  'proc.pexepath': parentField('string', "Path of the parent's program file.", exepath),
  'proc.args': field({
    type: 'string',
    doc: 'Arguments of the command, without argv[0]; proc.args[n] is one of them, counted from 0.',
    arg: { need: 'optional', kind: 'index', doc: 'which argument' },
    ...withArgs,
    make: (_, arg) => {
      if (arg === undefined) return (e) => (e.thread === undefined ? undefined : args(e.thread).join(' '))
      const n = Number(arg)
      return (e) => (e.thread === undefined ? undefined : args(e.thread)[n])
    },
    words: () => (e) => (e.thread === undefined ? undefined : args(e.thread)),
  }),
  'proc.cmdline': threadField('string', 'Name and arguments.', cmdline, withArgs),
  'proc.pcmdline': parentField('string', 'Name and arguments of the parent process.', cmdline, { cost: 64 }),
  'proc.exeline': threadField('string', 'The program as called and its arguments.', exeline, withArgs),
  'proc.cmdnargs': threadField('uint64', 'Number of arguments, without argv[0].', (t) => args(t).length, {
    ofProcess: 'own',
  }),
  'proc.cmdlenargs': threadField(
    'uint64',
    'Total length of all arguments, without the blanks between them.',
    (t) => args(t).reduce((sum, a) => sum + a.length, 0),
    { cost: 16, ofProcess: 'own' },
  ),
  'proc.env': field({
    type: 'string',
    doc: 'The environment; proc.env[NAME] is the value of one variable, empty when it is not set.',
    arg: { need: 'optional', kind: 'name', doc: 'name of a variable' },
    ...text,
    ...truncated('proc.is_env_truncated', isEnvTruncated),
    make: (_, name) => {
      if (name === undefined) return (e) => (e.thread === undefined ? undefined : env(e.thread).join(' '))
      return (e) => (e.thread === undefined ? undefined : (variable(e.thread, name) ?? ''))
    },
  }),
  'proc.is_args_truncated': field({
    type: 'bool',
    doc: 'True if only the first 4,095 bytes of the command line were recorded; absent if nothing of it was.',
    cost: 16,
    make: (ctx) => (e) => {
      const t = e.thread
      const { spared } = stateOf(ctx, e).info
      const isOmitted = t !== undefined && args(t).length === 0 && spared?.includes(NO_ARGS) === true
      return t === undefined || isOmitted ? undefined : isArgsTruncated(t)
    },
  }),
  'proc.is_env_truncated': threadField(
    'bool',
    'True if only the first 4,095 bytes of the environment were recorded; absent if nothing of it was.',
    isEnvTruncated,
    { cost: 16 },
  ),
  'proc.cwd': threadField('string', 'Working directory, with a trailing slash.', cwd, { cost: 16 }),
  'proc.tty': threadField('uint32', 'Number of the controlling terminal, 0 when there is none.', (t) => t.tty),
  'proc.tty.name': threadField('string', 'Name of the controlling terminal: pts/3, tty1.', (t) => ttyName(t.tty)),
  'proc.level': threadField('uint32', 'Number of ancestors of the process: parent, its parent ...', (t) => {
    let n = 0
    eachAncestor(t, () => ++n > 0)
    return n
  }),
  'proc.loginshellid': threadField(
    'int64',
    'Process id of the oldest shell among the process and its ancestors.',
    (t) => {
      let found: number | undefined
      let at: Thread | undefined = t.leader
      for (let i = 0; i < 128 && at !== undefined; i++) {
        if (at.comm.endsWith('sh')) found = at.pid
        at = parentOf(at)
      }
      return found
    },
    { cost: 16 },
  ),
  'proc.nthreads': field({
    type: 'uint64',
    doc: 'Number of threads of the process; one that exits with the event no longer counts.',
    cost: 4,
    make: () => nthreads,
  }),
  'proc.nchilds': field({
    type: 'uint64',
    doc: 'Number of threads besides the main one.',
    cost: 4,
    make: () => (e) => {
      const n = nthreads(e)
      return n === undefined ? undefined : Math.max(n - 1, 0)
    },
  }),
  'proc.vmsize': threadField('uint64', 'Virtual memory in kB.', (t) => t.leader.vmSize, times),
  'proc.vmrss': threadField('uint64', 'Resident memory in kB.', (t) => t.leader.vmRss, times),
  'proc.vmswap': threadField('uint64', 'Swapped out memory in kB.', (t) => t.leader.vmSwap, times),
}
