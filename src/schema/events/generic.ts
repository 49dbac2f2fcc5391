// System calls without a declaration of their own: recorded with their raw arguments, named and typed by the kernel's own
// prototypes (syscalls.ts).
import * as b from '../build.js'
import { GENERIC } from '../codes.js'
import { type SyscallArg, type SyscallRow, syscallArgs } from '../syscalls.js'
import type { EventDef, ParamDef } from '../types.js'

const DESCRIPTOR = /^(fd|dfd|ufd|epfd|[a-z]*_?(fd|dfd|dirfd)|fildes|fd_in|fd_out)$/

/** Calls that return a new descriptor. */
const FD_MAKERS = new Set([
  'fanotify_init',
  'fsmount',
  'fsopen',
  'fspick',
  'landlock_create_ruleset',
  'memfd_secret',
  'mq_open',
  'open_tree',
  'open_tree_attr',
  'perf_event_open',
])

const NO_RETURN = new Set(['exit', 'exit_group'])

/** C type -> how the raw argument is shown; pointers and what is not listed are addresses. */
const SHOWN: Readonly<Record<string, (name: string, n: number) => ParamDef>> = {
  int: (name, n) => (/^(sig|signum|signal)$/.test(name) ? b.arg(name, 'sigtype', n) : b.arg(name, 'int32', n)),
  'unsigned int': (name, n) => b.arg(name, 'uint32', n, name.includes('flags') ? 'hex' : 'dec'),
  unsigned: (name, n) => b.arg(name, 'uint32', n, name.includes('flags') ? 'hex' : 'dec'),
  u32: (name, n) => b.arg(name, 'uint32', n, name.includes('flags') ? 'hex' : 'dec'),
  __u32: (name, n) => b.arg(name, 'uint32', n),
  umode_t: (name, n) => b.arg(name, 'uint32', n, 'oct'),
  qid_t: (name, n) => b.arg(name, 'uint32', n),
  uid_t: (name, n) => b.arg(name, 'uid', n),
  gid_t: (name, n) => b.arg(name, 'gid', n),
  pid_t: (name, n) => b.arg(name, 'pid', n),
  mqd_t: (name, n) => b.fd(name, n),
  size_t: (name, n) => b.arg(name, 'uint64', n),
  long: (name, n) => b.arg(name, 'int64', n),
  loff_t: (name, n) => b.arg(name, 'int64', n),
  off_t: (name, n) => b.arg(name, 'int64', n),
  key_t: (name, n) => b.arg(name, 'int32', n, 'hex'),
  key_serial_t: (name, n) => b.arg(name, 'int32', n),
  clockid_t: (name, n) => b.arg(name, 'int32', n),
  'const clockid_t': (name, n) => b.arg(name, 'int32', n),
  timer_t: (name, n) => b.arg(name, 'int32', n),
  rwf_t: (name, n) => b.arg(name, 'uint32', n, 'hex'),
}

function shown(a: SyscallArg, n: number): ParamDef {
  if (DESCRIPTOR.test(a.name) && /^(unsigned )?int$/.test(a.type)) return b.fd(a.name, n)
  return SHOWN[a.type]?.(a.name, n) ?? b.arg(a.name, 'uint64', n, 'hex')
}

/** The event of a call that no other file declares. */
export function genericEvent(row: SyscallRow): EventDef {
  const [name, nr] = row
  const args = syscallArgs(row).map(shown)
  const noReturn = NO_RETURN.has(name)
  const makesFd = FD_MAKERS.has(name)
  const params = noReturn ? args : [makesFd ? b.ret('res', 'fd') : b.ret(), ...args]
  const firstFd = params.findIndex((p) => p.type === 'fd')
  const use = makesFd ? { creates: 0 } : firstFd >= 0 ? { uses: firstFd } : {}
  const def = b.call(GENERIC + 2 * nr + 1, name, 'other', params, use)
  return noReturn ? { ...def, noReturn } : def
}
