// Calls that failed for lack of privileges, with the capability that would have allowed them if it is known.
import { columnLines, defineChisel, type Event, eventLines, type Values } from '../src/chisel/index.js'

const FIELDS = {
  time: 'evt.time.s',
  rawtime: 'evt.rawtime',
  type: 'evt.type',
  error: 'evt.res',
  pid: 'proc.pid',
  comm: 'proc.name',
  user: 'user.name',
  uid: 'user.uid',
  container: 'container.name',
  caps: 'thread.cap_effective',
  kind: 'fd.type',
  fd: 'fd.name',
  opened: 'fs.path.name',
  args: 'evt.args',
} as const
type Fields = Values<typeof FIELDS>

/** Equal failures, counted. */
interface Row {
  readonly comm: string
  readonly pid: number
  readonly call: string
  readonly error: string
  readonly needs: string
  count: number
}

export default defineChisel({
  description:
    'Shows calls that failed for lack of privileges (EPERM, EACCES), and the capability that they need, by process.',
  details:
    'NEEDS is the capability (without CAP_) that the kernel checks in such a call, if known; DAC_OVERRIDE, DAC_READ_SEARCH and ' +
    'FOWNER mean that the user lacks permissions of a file. A capability in brackets is in effect in the thread, so ' +
    'something else refused the call: seccomp, a security module, a user namespace that does not own the object, or a mount ' +
    'option. - is a call that can fail with this error for other reasons. With "processes", calls are counted by process and ' +
    'shown at the end. -pc adds the container.',
  category: 'Security',
  args: {
    by: {
      type: 'string',
      doc: 'calls: each call; processes: number of calls by process and kind, at the end',
      choices: ['calls', 'processes'],
      optional: true,
      default: 'calls',
    },
  },
  fields: FIELDS,
  filter: 'evt.failed=true and evt.res in (EPERM, EACCES)',
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const rows = new Map<string, Row>()
    const counted = c.args.by === 'processes'
    let dropped = 0

    const count = (v: Fields, needs: string, call: string) => {
      const { pid = -1, comm = '<NA>', error = '' } = v
      const key = `${pid} ${call} ${error} ${needs} ${comm}`
      const row = rows.get(key)
      if (row !== undefined) row.count++
      else if (rows.size >= MOST) dropped++
      else rows.set(key, { comm, pid, call, error, needs, count: 1 })
    }
    const show = (v: Fields, call: string, right: string | undefined, held: boolean) => {
      const on = objectOf(v)
      if (c.json) {
        const { rawtime: time, pid, comm, user, uid, container, error } = v
        c.emit({ time, pid, comm, user, uid, container, call, error, needs: right, held: right && held, on })
        return
      }
      const who = [v.time ?? '', `${v.pid ?? '<NA>'}`, v.comm ?? '<NA>', v.container ?? '']
      out.row([...who, call, v.error ?? '', needsText(right, held), on])
    }

    return {
      start() {
        if (!counted) out.titles()
      },
      event(v, e) {
        const call = v.type ?? '<NA>'
        const right = rightFor(call, v, e)
        const held = right !== undefined && v.caps?.split(' ').includes(right) === true
        if (counted) count(v, needsText(right, held), call)
        else show(v, call, right, held)
      },
      end() {
        if (!counted) return
        const sorted = [...rows.values()].sort((a, b) => b.count - a.count)
        if (c.json) for (const r of sorted) c.emit(r)
        else
          for (const line of columnLines(
            COUNTED,
            sorted.map((r) => [`${r.count}`, `${r.pid}`, r.comm, r.error, r.needs, r.call]),
            c.columns,
          ))
            c.print(line)
        if (dropped > 0) c.tell(`${dropped} calls are not counted: more than ${MOST} different kinds failed`)
      },
    }
  },
})

const COLUMNS = [
  ['TIME', 9],
  ['PID', 8],
  ['COMM', 11],
  ['CONTAINER', 14, 'containers'],
  ['CALL', 14],
  ['ERR', 7],
  ['NEEDS', 19],
  ['ON', 0],
] as const
const COUNTED = [
  ['CALLS', 9],
  ['PID', 8],
  ['COMM', 17],
  ['ERR', 7],
  ['NEEDS', 19],
  ['CALL', 0],
] as const

const MOST = 100_000

function needsText(right: string | undefined, held: boolean): string {
  const name = right?.slice('CAP_'.length)
  return name === undefined ? '-' : held ? `(${name})` : name
}

/** The object of the call: a path, a descriptor, else the arguments. */
function objectOf(v: Fields): string {
  const path = v.opened ?? PATH.exec(v.args ?? '')?.[1]
  return path ?? (v.fd || (v.args ?? '').replace(/^(res|fd)=\S+ ?/, ''))
}

/** The path in the text of the arguments; for a relative one, the absolute path in brackets after it. */
const PATH = /(?:^| )(?:path|name|pathname|filename|oldpath|linkpath|dir)=(?:[^ (/][^ (]*\()?(\/[^ )]*)/

/** Capabilities that calls need, for any error. */
const BY_CALL: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CAP_SYS_ADMIN:
      'mount umount umount2 pivot_root fsopen fsmount fsconfig fspick move_mount open_tree mount_setattr setns unshare ' +
      'clone clone3 sethostname setdomainname swapon swapoff quotactl quotactl_fd fanotify_init seccomp',
    CAP_SYS_CHROOT: 'chroot',
    CAP_SETUID: 'setuid setreuid setresuid setfsuid',
    CAP_SETGID: 'setgid setregid setresgid setfsgid setgroups',
    CAP_KILL: 'kill tkill tgkill pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo',
    CAP_MKNOD: 'mknod mknodat',
    CAP_SYS_BOOT: 'reboot kexec_load kexec_file_load',
    CAP_SYS_MODULE: 'init_module finit_module delete_module',
    CAP_SYS_TIME: 'settimeofday clock_settime adjtimex clock_adjtime stime',
    CAP_SYS_PTRACE: 'ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise userfaultfd',
    CAP_SYS_NICE:
      'nice setpriority sched_setscheduler sched_setparam sched_setattr sched_setaffinity ioprio_set migrate_pages move_pages',
    CAP_SYS_RESOURCE: 'setrlimit prlimit prlimit64',
    CAP_IPC_LOCK: 'mlock mlock2 mlockall',
    CAP_IPC_OWNER: 'shmget shmat msgget msgsnd msgrcv semget semop semtimedop',
    CAP_BPF: 'bpf',
    CAP_PERFMON: 'perf_event_open',
    CAP_SYSLOG: 'syslog',
    CAP_SYS_PACCT: 'acct',
    CAP_SYS_RAWIO: 'iopl ioperm',
    CAP_SYS_TTY_CONFIG: 'vhangup',
    CAP_SETPCAP: 'capset',
    CAP_DAC_READ_SEARCH: 'open_by_handle_at',
    CAP_WAKE_ALARM: 'timerfd_create timer_create',
    CAP_NET_RAW: 'socket',
  }).flatMap(([right, calls]) => calls.split(' ').map((call) => [call, right])),
)

/** Capabilities that calls need on files of other users (EPERM). */
const OF_OWNER: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CAP_CHOWN: 'chown fchown lchown fchownat',
    CAP_FOWNER:
      'chmod fchmod fchmodat fchmodat2 utime utimes utimensat futimesat link linkat unlink unlinkat rmdir rename renameat ' +
      'renameat2 setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr',
  }).flatMap(([right, calls]) => calls.split(' ').map((call) => [call, right])),
)

/** Calls that only read metadata of a path. */
const LOOKS = /^(new)?[lf]?stat|^access$|^faccessat|^readlink|^f?chdir$|^getxattr|^l?listxattr|^lgetxattr/
/** Calls that open or change the object of a path. */
const CHANGES =
  /^(open|openat|openat2|creat|mkdir|mkdirat|symlink|symlinkat|truncate|execve|execveat|unlink|unlinkat|rmdir|rename|renameat2?|link|linkat|mknodat?|utime\w*|futimesat|chmod|f?chmodat2?|l?chown|fchownat|l?setxattr|inotify_add_watch|mq_open)$/

/** The capability that would have allowed the call; undefined if unknown. */
function rightFor(call: string, v: Fields, e: Event): string | undefined {
  if (OF_SOCKETS.has(call)) return ofSocket(call, v)
  if (v.error === 'EPERM' && OF_OWNER.has(call)) return OF_OWNER.get(call)
  if (v.error === 'EACCES' && (LOOKS.test(call) || readsOnly(call, e))) return 'CAP_DAC_READ_SEARCH'
  if (v.error === 'EACCES' && CHANGES.test(call)) return 'CAP_DAC_OVERRIDE'
  return BY_CALL.get(call)
}

const OF_SOCKETS: ReadonlySet<string> = new Set(['bind', 'connect', 'setsockopt', 'ioctl'])

function ofSocket(call: string, { kind, error }: Fields): string | undefined {
  if (call === 'setsockopt') return 'CAP_NET_ADMIN'
  if (call === 'ioctl') return isSocket(kind) ? 'CAP_NET_ADMIN' : undefined
  if (error !== 'EACCES') return undefined
  if (kind === 'unix') return 'CAP_DAC_OVERRIDE'
  return call === 'bind' ? 'CAP_NET_BIND_SERVICE' : undefined
}

function isSocket(kind: string | undefined): boolean {
  return kind === 'ipv4' || kind === 'ipv6' || kind === 'netlink' || kind === 'socket'
}

/** The read-only access mode in the kernel's and in libs' (portable) encoding. */
const READ_ONLY = { native: 0, portable: 1 }

function readsOnly(call: string, e: Event): boolean {
  if (!/^open(at2?)?$/.test(call)) return false
  const mode = (e.numberOf('flags') ?? 0) & 3
  return mode === (e.batch.native ? READ_ONLY.native : READ_ONLY.portable)
}
