// System calls without an event of their own in libs: named by the kernel's prototypes (syscalls.ts). Their arguments are
// declared in calls/, and follow from their C types otherwise.
import * as b from '../build.js'
import { CALL_ARGUMENTS } from '../calls/index.js'
import { fdFlags } from '../flags/open.js'
import type { Kind } from '../kinds.js'
import type { SyscallRow } from '../syscall-row.js'
import { type SyscallArg, syscallArgs } from '../syscalls.js'
import type { EventDef, ParamDef } from '../types.js'

/** Arguments of type unsigned long that are numbers; the others are addresses and bits. */
const NUMBER =
  /^(len|size|maxnode|vlen|nr_.*|pos_[lh]|pgoff|bytecount|cmdline_len|num|home_node|liovcnt|riovcnt|idx[12]|new_len|old_len|from)$/

const DESCRIPTOR = /^(fd|dfd|ufd|epfd|[a-z]*_?(fd|dfd|dirfd)|fildes|fd_in|fd_out|fdin|fdout)$/

const unsigned = (name: string, n: number) => b.arg(name, 'uint32', n, name.includes('flags') ? 'hex' : 'dec')

/** C type -> how the raw argument is shown; pointers and what is not listed are addresses. */
const SHOWN: Readonly<Record<string, (name: string, n: number) => ParamDef>> = {
  int: (name, n) => (/^(sig|signum|signal)$/.test(name) ? b.arg(name, 'sigtype', n) : b.arg(name, 'int32', n)),
  'unsigned int': unsigned,
  unsigned,
  u32: unsigned,
  'const __u32': unsigned,
  __u32: unsigned,
  'const int': (name, n) => b.arg(name, 'int32', n),
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

/** Names of text pointers that are paths; one that follows a directory descriptor is relative to it. */
const PATH = /^(pathname|filename|path|specialfile|new_root|put_old|library|from_pathname|to_pathname)$/
const DIRECTORY = /^(dfd|mountdirfd)$/

function ofText(name: string, n: number, args: readonly SyscallArg[]): ParamDef {
  const isPath = PATH.test(name) || (args[n - 1] !== undefined && DIRECTORY.test((args[n - 1] as SyscallArg).name))
  if (!isPath) return b.str(name, n)
  const dir = args.findIndex((a) => DIRECTORY.test(a.name))
  return dir >= 0 ? b.relPath(name, n, dir + 1) : b.path(name, n)
}

function shown(a: SyscallArg, n: number, args: readonly SyscallArg[]): ParamDef {
  if (DESCRIPTOR.test(a.name) && /^(const |unsigned )?(int|long)$/.test(a.type)) return b.fd(a.name, n)
  if (/^(const )?char \*$/.test(a.type) && (a.type.startsWith('const') || PATH.test(a.name)))
    return ofText(a.name, n, args)
  if (a.type === 'unsigned long' && NUMBER.test(a.name)) return b.arg(a.name, 'int64', n)
  return SHOWN[a.type]?.(a.name, n) ?? b.arg(a.name, 'uint64', n, 'hex')
}

/**
 * Parameters of a call: its arguments, as declared in calls/ or according to their types (flags with a close-on-exec bit are
 * those of new descriptors), and additional parameters declared there.
 */
function parameters([name, , , , returns]: SyscallRow, args: readonly SyscallArg[]): ParamDef[] {
  const kinds = CALL_ARGUMENTS[name] ?? {}
  const at = (argument: string) => {
    const n = args.findIndex((a) => a.name === argument)
    if (n < 0) throw new Error(`call ${name} has no argument ${argument}`)
    return n
  }
  const more = Object.keys(kinds).filter((key) => key !== 'res' && !args.some((a) => a.name === key))
  return [
    ...args.map((a, n) => {
      const declared = kinds[a.name]?.(a.name, n, at)
      return declared ?? (a.name === returns?.cloexec ? b.flags(a.name, n, fdFlags) : shown(a, n, args))
    }),
    ...more.map((key) => (kinds[key] as Kind)(key, -1, at)),
  ]
}

/** The result of a call: as declared in calls/, or a descriptor if the call creates one. */
function resultOf([name, , , , returns]: SyscallRow, args: readonly ParamDef[]): ParamDef {
  const declared = CALL_ARGUMENTS[name]?.res?.('res', -1, () => -1)
  if (returns === undefined) return declared ?? b.ret()
  const { cloexec } = returns
  const closed = cloexec === true || b.cloexec(cloexec, args.find((p) => p.name === cloexec)?.flags ?? fdFlags)
  return b.newFd(declared ?? b.ret('res', 'fd'), 'other', { cloexec: closed })
}

/** The event of a call that no other file declares. */
export function genericEvent(row: SyscallRow): EventDef {
  const [name] = row
  const args = parameters(row, syscallArgs(row))
  const params = [resultOf(row, args), ...args]
  const firstFd = params.findIndex((p) => p.type === 'fd')
  return b.ownCall(name, params, firstFd >= 0 ? { uses: firstFd } : {})
}
