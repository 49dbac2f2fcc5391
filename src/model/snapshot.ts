// Processes, users and groups at the start of a capture as plain data, which trace files store.

import type { FdType } from '../schema/facts.js'
import type { BatchNs, BootNs } from './time.js'

export type { FdType }

/** An unsigned 64-bit number: a Number if that is exact, else a bigint. */
export type Whole = number | bigint

export interface FdInfo {
  num: number
  type: FdType
  /** absolute path, "[eventpoll]" style name for anonymous inodes, or a socket's tuple text built on demand ('') */
  name: string
  dev?: number
  ino?: Whole
  /** kernel's file->f_flags, and O_CLOEXEC (0o2000000) for close-on-exec, as /proc/PID/fdinfo has it */
  flags?: number
  /** path as the caller gave it, if it differs from the name */
  nameRaw?: string
  /** overlayfs layer of the file */
  layer?: 'upper' | 'lower'
  /** sockets: address family, type (SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_RAW 3), IPPROTO, TCP state (1 established, 10 listen) */
  family?: number
  sockType?: number
  proto?: number
  tcpState?: number
  /** endpoints, local first: text addresses and ports */
  localIp?: string
  localPort?: number
  remoteIp?: string
  remotePort?: number
  /** sockets: accepted or listening (true), connected by this side (false); undefined: to be inferred from listening ports */
  server?: boolean
  /** sockets: has a permanent peer; omitted: true for an established TCP socket, and for one with a remote end and no TCP state */
  connected?: boolean
  /** unix sockets: kernel addresses of both ends as hex text, and the path */
  source?: string
  dest?: string
  path?: string
  /** sockets: descriptors of several tables with the same number here are one, whose name a change through any of them affects */
  common?: number
}

/** Descriptors of one table as they were recorded: each iteration decodes them, and keeps nothing. */
export interface FdRecords extends Iterable<FdInfo> {
  /** local ports of the listening sockets among them */
  readonly listening: readonly number[]
}

/** Whether these descriptors are not decoded yet. */
export function areRecords(fds: readonly FdInfo[] | FdRecords): fds is FdRecords {
  return !Array.isArray(fds)
}

/** These descriptors, each changed by `change`, which keeps ports; records are changed whenever they are decoded. */
export function changedFds(
  fds: readonly FdInfo[] | FdRecords,
  change: (fd: FdInfo) => FdInfo,
): readonly FdInfo[] | FdRecords {
  if (!areRecords(fds)) return fds.map(change)
  return {
    listening: fds.listening,
    *[Symbol.iterator]() {
      for (const fd of fds) yield change(fd)
    },
  }
}

export interface ThreadInfo {
  tid: number
  pid: number
  ptid: number
  /** in the thread's own pid namespace */
  vtid: number
  vpid: number
  comm: string
  exe: string
  exepath: string
  args: string[]
  env: string[]
  cwd: string
  root: string
  uid: number
  gid: number
  loginuid: number
  tty: number
  sid: number
  pgid: number
  vpgid: number
  /** CLOCK_BOOTTIME ns of the thread's start, 0 when unknown */
  startBoot: BootNs
  capInheritable: number
  capPermitted: number
  capEffective: number
  /** "subsys=/path" each */
  cgroups: string[]
  fdLimit: number
  vmSize: number
  vmRss: number
  vmSwap: number
  pgftMaj: number
  pgftMin: number
  /** times on a CPU, see Thread; missing if not recorded */
  ranUser?: number
  ranSystem?: number
  ranAt?: BatchNs
  ranFirst?: number
  lastUser?: number
  lastSystem?: number
  ranSpan?: number
  exeIno: Whole
  /** ns since the epoch, which a Number would round; 0n when unknown */
  exeInoCtime: bigint
  exeInoMtime: bigint
  pidnsStart: bigint
  exeWritable: boolean
  exeUpperLayer: boolean
  /** descriptors; only on the thread that owns the table (others share it by pid, or name the owner) */
  fds?: readonly FdInfo[] | FdRecords
  /** tid of the thread whose table this one shares, if it has none of its own */
  fdsOf?: number
  /** tid of the thread of another process whose directories this one shares */
  fsOf?: number
  /** batch time (ns) at which the kernel reported the working directory, if it did (FsInfo) */
  fsToldAt?: BatchNs
  /** only the start of the command line or of the environment was recorded, and their length no longer shows it (truncation.ts) */
  argsTruncated?: true
  envTruncated?: true
  /** which records announced its birth, while others are still to come (Thread) */
  announced?: number
}

/** Ids that are known without decoding a thread; -1: none, or unknown. */
export type ThreadId = 'tid' | 'pid' | 'ptid' | 'vpid' | 'fdsOf' | 'fsOf'

/** The threads of a snapshot as they were recorded. Most processes do nothing during a capture: a thread is decoded when something needs it. */
export interface ThreadRecords extends Iterable<ThreadInfo> {
  readonly length: number
  id(key: ThreadId, index: number): number
  /** Index of the first thread with the same list of cgroups, as far as that is known without decoding them. */
  sameCgroups(index: number): number
  /** Whether one of its sockets listens on a TCP port. */
  listens(index: number): boolean
  /** Whether one of its descriptors is in the tables of others, too (FdInfo.common). */
  hasCommon(index: number): boolean
  /** Decodes a thread; the result is not kept. */
  at(index: number): ThreadInfo
}

export type ThreadInfos = readonly ThreadInfo[] | ThreadRecords

export interface UserInfo {
  uid: number
  gid: number
  name: string
  home: string
  shell: string
  /** short id of the container whose account it is; the ids are the host's all the same */
  container?: string
}
export interface GroupInfo {
  gid: number
  name: string
  container?: string
}

/** A snapshot whose threads are all decoded. */
export interface ListedSnapshot extends Snapshot {
  threads: ThreadInfo[]
}

export interface Snapshot {
  threads: ThreadInfos
  users: UserInfo[]
  groups: GroupInfo[]
  /** known container metadata, as texts of container events */
  containers?: string[]
  /** texts of the stacks that rows refer to by number; absent: there are none */
  stacks?: readonly { readonly number: number; readonly text: string }[]
}
