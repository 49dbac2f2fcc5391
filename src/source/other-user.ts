// Whom a live capture goes on as: an unprivileged user, with the groups that sockets want which it connects to later.
import { readFileSync, statSync } from 'node:fs'
import { ownUser } from '../model/own-user.js'
import type { Later } from './later.js'
import type { NativeUser } from './native.js'

/** The account that is made for ksys, and the number that no account has. */
const ACCOUNT = 'ksys'
const NOBODY = 65534
const GROUP_WRITES = 0o020
const OTHERS_WRITE = 0o002

/** The user, or why ksys stays the one that it is, in words; undefined: it is not root. */
export type Whom = NativeUser | { readonly stays: string } | undefined

/** Threads that another user is to be allowed, at least: all processes of that user count. */
const THREADS = 1024

/** Capabilities by which is decided whom it goes on as. */
type NeededCap = 'SETUID' | 'SETGID' | 'DAC_READ_SEARCH' | 'KILL' | 'SYS_RESOURCE'

/** may: whether this process has a capability. */
export function otherUser({ asStarted, command, sockets = [] }: Later, may: (cap: NeededCap) => boolean): Whom {
  if (ownUser !== 0 || process.geteuid?.() !== 0) return undefined
  if (asStarted !== undefined) return { stays: asStarted }
  if (!may('SETUID') || !may('SETGID')) return { stays: 'CAP_SETUID and CAP_SETGID are missing' }
  // another user has no rights of an owner
  if (!may('DAC_READ_SEARCH')) return { stays: 'CAP_DAC_READ_SEARCH is missing' }
  if (command === true && !may('KILL')) return { stays: 'CAP_KILL is missing, and signals are passed on to a command' }
  const most = Number(/^Max processes\s+\d+\s+(\d+)/m.exec(read('/proc/self/limits'))?.[1] ?? THREADS)
  if (most < THREADS && !may('SYS_RESOURCE')) return { stays: `another user is allowed ${most} threads (RLIMIT_NPROC)` }
  const { uid, gid } = accountHere() ?? { uid: NOBODY, gid: NOBODY }
  if (!isMapped('uid_map', uid) || !isMapped('gid_map', gid) || !maySetGroups())
    return { stays: `this user namespace has no user ${uid} and group ${gid}, or no way to change groups` }
  const wanted = sockets.map(accessTo)
  const closed = wanted.indexOf('root')
  if (closed >= 0) return { stays: `${sockets[closed]} lets nobody but root connect` }
  const groups = [...wanted, seesProcesses()].filter((g) => typeof g === 'number' && isMapped('gid_map', g)) as number[]
  return { uid, gid, groups: [...new Set(groups)] }
}

/** The account of this system, which in a container is not the host's; undefined: there is none, or it is root's. */
function accountHere(): { uid: number; gid: number } | undefined {
  const found = new RegExp(`^${ACCOUNT}:[^:]*:(\\d+):(\\d+):`, 'm').exec(read('/etc/passwd'))
  const [uid, gid] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)]
  return uid > 0 && gid > 0 ? { uid, gid } : undefined
}

/** The group that may connect to a socket, or that only root may; undefined: anybody may, or nobody, or there is none. */
function accessTo(path: string): number | 'root' | undefined {
  try {
    const stat = statSync(path)
    if (!stat.isSocket() || (stat.mode & OTHERS_WRITE) !== 0) return undefined
    if ((stat.mode & GROUP_WRITES) !== 0) return stat.gid
    return stat.uid === 0 ? 'root' : undefined
  } catch {
    return undefined
  }
}

/** The group that sees processes of others where /proc hides them (hidepid); undefined: everybody does. */
function seesProcesses(): number | undefined {
  const mount = read('/proc/self/mountinfo')
    .split('\n')
    .findLast((line) => / \/proc .* - proc /.test(line))
  if (mount === undefined || !/\bhidepid=(?!0|off)/.test(mount)) return undefined
  return Number(/\bgid=(\d+)/.exec(mount)?.[1] ?? 0)
}

/** Whether a number of the user namespace stands for one outside: others cannot be taken. */
function isMapped(map: 'uid_map' | 'gid_map', id: number): boolean {
  return read(`/proc/self/${map}`)
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(([from = 0, , count = 0]) => id >= from && id < from + count)
}

function maySetGroups(): boolean {
  return read('/proc/self/setgroups').trim() !== 'deny'
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
