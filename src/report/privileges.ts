// Calls that use or gain privileges, with what they did in words. Only calls that succeeded count; refused ones have their own section.

import type { Event } from '../model/event.js'
import type { Process } from './programs.js'

/** Text of an argument of the event, as events print it; '' if it has none. */
export type ArgText = (e: Event, name: string) => string

/** A kind of calls. */
interface Privilege {
  readonly calls: readonly string[]
  /** what the call did; undefined: nothing that needs or gives a privilege */
  readonly did: (e: Event, arg: ArgText, before: Process) => string | undefined
}

const always = (what: string) => () => what
const NAMESPACE = /CLONE_NEW(\w+)/g
const NO_ID = 0xffffffff

/** The namespaces that flags name, as `user, net`. */
function namespaces(flags: string): string | undefined {
  const names = [...flags.matchAll(NAMESPACE)].map((m) => (m[1] as string).toLowerCase())
  return names.length === 0 ? undefined : names.join(', ')
}

/** The path that a call is about, without what it resolves to. */
const path = (arg: ArgText, e: Event, ...names: string[]) =>
  names.map((name) => arg(e, name)).find((text) => text !== '') ?? ''

/** ids: the numeric arguments of a call; those that it leaves unchanged are -1. */
const setsUser =
  (...ids: string[]) =>
  (e: Event, _arg: ArgText, before: Process) => {
    const set = ids.map((id) => e.numberOf(id)).find((id) => id !== undefined && id >= 0 && id !== NO_ID)
    if (set === undefined || set === before.uid) return undefined
    if (set === before.firstUid) return `returned to user ${set}`
    return set === 0 ? 'became user 0 (root)' : `changed to user ${set}`
  }

export const PRIVILEGES: readonly Privilege[] = [
  { calls: ['setuid'], did: setsUser('uid') },
  { calls: ['setreuid'], did: setsUser('euid', 'ruid') },
  { calls: ['setresuid'], did: setsUser('euid', 'ruid', 'suid') },
  {
    calls: ['ptrace'],
    did: (e, arg) => (/TRACEME|ATTACH|SEIZE/.test(arg(e, 'request')) ? 'traced processes (ptrace)' : undefined),
  },
  { calls: ['process_vm_readv'], did: always('read the memory of another process (process_vm_readv)') },
  { calls: ['process_vm_writev'], did: always('changed the memory of another process (process_vm_writev)') },
  { calls: ['pidfd_getfd'], did: always('took a descriptor of another process (pidfd_getfd)') },
  { calls: ['mount'], did: (e, arg) => `mounted ${path(arg, e, 'dir', 'dir_name')}` },
  { calls: ['move_mount', 'fsmount', 'mount_setattr'], did: (e) => `changed mounts (${e.def.name})` },
  { calls: ['umount', 'umount2'], did: (e, arg) => `unmounted ${path(arg, e, 'name')}` },
  {
    calls: ['pivot_root', 'chroot'],
    did: (e, arg) => `changed the root folder to ${path(arg, e, 'path', 'new_root')}`,
  },
  {
    calls: ['unshare', 'clone', 'clone3'],
    did: (e, arg) => {
      const names = namespaces(arg(e, 'flags'))
      return names && `made new namespaces: ${names}`
    },
  },
  { calls: ['setns'], did: always('entered a namespace (setns)') },
  { calls: ['init_module', 'finit_module'], did: (e) => `loaded a kernel module (${e.def.name})` },
  { calls: ['delete_module'], did: always('removed a kernel module (delete_module)') },
  { calls: ['kexec_load', 'kexec_file_load'], did: (e) => `loaded another kernel (${e.def.name})` },
  { calls: ['reboot'], did: always('called reboot') },
  { calls: ['bpf'], did: (e, arg) => `used bpf: ${path(arg, e, 'cmd').replace(/^\d+\((.*)\)$/, '$1') || 'unknown'}` },
  { calls: ['perf_event_open'], did: always('measured processes or the kernel (perf_event_open)') },
  { calls: ['iopl', 'ioperm'], did: (e) => `accessed I/O ports (${e.def.name})` },
  { calls: ['swapon', 'swapoff', 'acct', 'vhangup'], did: (e) => `called ${e.def.name}` },
  { calls: ['sethostname', 'setdomainname'], did: (e) => `changed the name of the host (${e.def.name})` },
  { calls: ['settimeofday', 'clock_settime'], did: (e) => `set the clock (${e.def.name})` },
  { calls: ['add_key', 'request_key', 'keyctl'], did: (e) => `used the kernel's keys (${e.def.name})` },
  { calls: ['open_by_handle_at'], did: always('opened files without their paths (open_by_handle_at)') },
  { calls: ['userfaultfd'], did: always('handled page faults (userfaultfd)') },
  { calls: ['fanotify_init'], did: always('watched files of other programs (fanotify_init)') },
  {
    calls: ['io_uring_setup'],
    did: always('used io_uring: operations that are no calls, so that files and hosts may be missing here'),
  },
  {
    calls: ['mknod', 'mknodat'],
    did: (e, arg) => (/S_IF(CHR|BLK)/.test(arg(e, 'mode')) ? `made a device: ${path(arg, e, 'path')}` : undefined),
  },
  {
    calls: ['socket'],
    did: (e, arg) => {
      if (arg(e, 'domain').includes('PACKET')) return 'opened a packet socket'
      return arg(e, 'type').includes('SOCK_RAW') && /INET/.test(arg(e, 'domain')) ? 'opened a raw socket' : undefined
    },
  },
  {
    calls: ['chmod', 'fchmod', 'fchmodat', 'fchmodat2'],
    did: (e, arg) =>
      ((e.numberOf('mode') ?? 0) & SET_ID) !== 0 || /S_IS[UG]ID/.test(arg(e, 'mode'))
        ? `made a set-uid or set-gid file: ${path(arg, e, 'filename', 'path', 'fd')}`
        : undefined,
  },
  {
    calls: ['setxattr', 'lsetxattr', 'fsetxattr'],
    did: (e, arg) =>
      arg(e, 'name') === 'security.capability'
        ? `gave capabilities to a file: ${path(arg, e, 'path', 'fd')}`
        : undefined,
  },
  {
    calls: ['connect'],
    did: (e) => {
      const socket = e.fd?.type === 'unix' ? (e.fd.path ?? '') : ''
      return RUNTIME.test(socket) ? `talked to ${socket}, which is as good as root` : undefined
    },
  },
]

/** set-uid and set-gid in a mode */
const SET_ID = 0o6000
/** sockets of container runtimes and of systemd, which do what root may do */
const RUNTIME =
  /\/(docker|containerd|podman|crio|buildkitd|k3s\/containerd\/containerd)\.sock$|^\/run\/systemd\/private$/

const byCall = new Map(PRIVILEGES.flatMap((p) => p.calls.map((call) => [call, p])))

/** Names of all calls that may use privileges. */
export const PRIVILEGED_CALLS: readonly string[] = [...byCall.keys()]

/** What privilege a call that succeeded used; undefined: none. before: the caller as it was last seen. */
export function privilegeOf(e: Event, arg: ArgText, before: Process): string | undefined {
  return byCall.get(e.def.name)?.did(e, arg, before)
}

/** What a process gained when it executed a program; undefined: nothing. */
export function gainedBy(before: Process | undefined, now: Process): string | undefined {
  if (before === undefined || before.uid < 0 || now.uid < 0) return undefined
  const { path: program } = now.node
  if (now.uid !== before.uid) return `ran the set-uid program ${program}: user ${before.uid} became ${now.uid}`
  const gained = BigInt(now.capPermitted) & ~BigInt(before.capPermitted)
  return gained === 0n ? undefined : `gained capabilities by running ${program}`
}
