// The account as which a live capture continues: an unprivileged user, with the groups needed for sockets that it connects to later.
import { readFileSync, statSync } from 'node:fs'
import { ownUser } from '../model/own-user.js'
import type { LaterNeeds } from './later-needs.js'
import type { NativeUser } from './native.js'

/** The account created for ksys, and the uid used without it. */
const ACCOUNT = 'ksys'
const NOBODY = 65534
const GROUP_WRITES = 0o020
const OTHERS_WRITE = 0o002

/** The account to continue as, or the reason to keep the present one, for a message; undefined: ksys is not running as root. */
export type TargetAccount = NativeUser | { readonly stays: string } | undefined

/** Number of threads that the other user must be allowed at least: all processes of that user count. */
const THREADS = 1024

/** Capabilities that the decision depends on. */
type NeededCap = 'SETUID' | 'SETGID' | 'DAC_READ_SEARCH' | 'KILL' | 'SYS_RESOURCE'

/** Chooses the account. may: whether this process has a capability. */
export function otherUser(
  { asStarted, command, sockets = [] }: LaterNeeds,
  may: (cap: NeededCap) => boolean,
): TargetAccount {
  if (ownUser !== 0 || process.geteuid?.() !== 0) return undefined
  if (asStarted !== undefined) return { stays: asStarted }
  if (!may('SETUID') || !may('SETGID')) return { stays: 'CAP_SETUID and CAP_SETGID are missing' }
  // another user does not have an owner's rights
  if (!may('DAC_READ_SEARCH')) return { stays: 'CAP_DAC_READ_SEARCH is missing' }
  if (command === true && !may('KILL')) return { stays: 'CAP_KILL is missing, and signals are forwarded to a command' }
  const limit = Number(/^Max processes\s+\d+\s+(\d+)/m.exec(read('/proc/self/limits'))?.[1] ?? THREADS)
  if (limit < THREADS && !may('SYS_RESOURCE'))
    return { stays: `another user is limited to ${limit} threads (RLIMIT_NPROC)` }
  const { uid, gid } = accountHere() ?? { uid: NOBODY, gid: NOBODY }
  if (!isMapped('uid_map', uid) || !isMapped('gid_map', gid) || !maySetGroups())
    return { stays: `this user namespace lacks user ${uid} or group ${gid}, or forbids changing groups` }
  const access = sockets.map(accessTo)
  const closed = access.indexOf('root')
  if (closed >= 0) return { stays: `${sockets[closed]} accepts connections from root only` }
  const groups = [...access, seesProcesses()].filter((g) => typeof g === 'number' && isMapped('gid_map', g)) as number[]
  return { uid, gid, groups: [...new Set(groups)] }
}

/** The account in this system's /etc/passwd, which in a container is not the host's; undefined: there is none, or it is root's. */
function accountHere(): { uid: number; gid: number } | undefined {
  const found = new RegExp(`^${ACCOUNT}:[^:]*:(\\d+):(\\d+):`, 'm').exec(read('/etc/passwd'))
  const [uid, gid] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)]
  return uid > 0 && gid > 0 ? { uid, gid } : undefined
}

/** The group that may connect to a socket, or 'root' if only root may; undefined: all users may, or none, or it does not exist. */
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

/** The group that may see processes of other users where /proc hides them (hidepid); undefined: nothing is hidden. */
function seesProcesses(): number | undefined {
  const mount = read('/proc/self/mountinfo')
    .split('\n')
    .findLast((line) => / \/proc .* - proc /.test(line))
  if (mount === undefined || !/\bhidepid=(?!0|off)/.test(mount)) return undefined
  return Number(/\bgid=(\d+)/.exec(mount)?.[1] ?? 0)
}

/** Whether an id of the user namespace is mapped to one outside: only mapped ids can be used. */
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
