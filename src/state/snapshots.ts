// Snapshots to tables and back.
import { Fd, Role } from '../model/fd.js'
import type { FdInfo, Snapshot, ThreadInfo } from '../model/snapshot.js'
import { FdTable, FsInfo, Thread } from '../model/thread.js'
import type { Threads } from './threads.js'

const TCP_ESTABLISHED = 1
const TCP_LISTEN = 10

/** Fields that a Thread and its snapshot have under the same name, in the same form. */
const SAME = [
  'ptid',
  'vtid',
  'vpid',
  'comm',
  'exe',
  'exepath',
  'args',
  'env',
  'uid',
  'gid',
  'loginuid',
  'tty',
  'sid',
  'pgid',
  'vpgid',
  'capInheritable',
  'capPermitted',
  'capEffective',
  'cgroups',
  'fdLimit',
  'vmSize',
  'vmRss',
  'vmSwap',
  'pgftMaj',
  'pgftMin',
  'exeIno',
  'exeInoCtime',
  'exeInoMtime',
  'exeWritable',
  'exeUpperLayer',
] as const satisfies readonly (keyof Thread & keyof ThreadInfo)[]

/** Fills the empty tables. startBoot: CLOCK_BOOTTIME ns of the batch times' zero. */
export function loadThreads(threads: Threads, s: Snapshot, startBoot: number): void {
  const listening = listeningPorts(s)
  const infos = [...s.threads].sort((a, b) => Number(a.tid !== a.pid) - Number(b.tid !== b.pid))
  for (const info of infos) {
    const leader = info.tid === info.pid ? undefined : threads.map.get(info.pid)?.leader
    const own = info.fds !== undefined || leader === undefined
    const t = new Thread(
      info.tid,
      leader?.pid ?? info.tid,
      own ? loadFds(info.fds ?? [], listening) : leader.fdTable,
      leader,
    )
    for (const key of SAME) (t as unknown as Record<string, unknown>)[key] = info[key]
    if (leader === undefined || leader.cwd !== info.cwd || leader.root !== info.root)
      t.fs = new FsInfo(info.cwd.length > 1 && info.cwd.endsWith('/') ? info.cwd.slice(0, -1) : info.cwd, info.root)
    t.startTime = info.startBoot > 0 ? info.startBoot - startBoot : undefined
    t.placeholder = info.comm === ''
    threads.put(t)
  }
  for (const info of infos) {
    const t = threads.map.get(info.tid) as Thread
    const owner = info.fdsOf === undefined ? undefined : threads.map.get(info.fdsOf)
    if (owner !== undefined) t.fdTable = owner.fdTable
    const parent = info.ptid > 0 ? threads.map.get(info.ptid)?.leader : undefined
    if (parent === undefined || parent === t.leader) continue
    t.parent = parent
    if (t.leader === t) parent.nChildren++
  }
}

function listeningPorts(s: Snapshot): Set<number> {
  const ports = new Set<number>()
  for (const t of s.threads)
    for (const fd of t.fds ?? []) if (fd.tcpState === TCP_LISTEN && fd.localPort !== undefined) ports.add(fd.localPort)
  return ports
}

function loadFds(infos: readonly FdInfo[], listening: Set<number>): FdTable {
  const table = new FdTable()
  for (const info of infos) {
    const { server, ...rest } = info
    const fd = Object.assign(new Fd(info.num, info.type, info.name), rest) as Fd
    fd.role = roleOf(fd, server, listening)
    fd.connected = fd.tcpState === TCP_ESTABLISHED || (fd.tcpState === undefined && fd.remoteIp !== undefined)
    table.put(fd)
  }
  return table
}

function roleOf(fd: Fd, server: boolean | undefined, listening: Set<number>): Role {
  if (server !== undefined) return server ? Role.Server : Role.Client
  if (fd.tcpState === TCP_LISTEN) return Role.Server
  if (fd.remoteIp === undefined || fd.localPort === undefined) return Role.Unknown
  return listening.has(fd.localPort) ? Role.Server : Role.Client
}

/** The tables as plain data. Descriptors are listed once, at the first thread of each table. */
export function saveThreads(threads: Threads, startBoot: number): ThreadInfo[] {
  const owners = new Map<FdTable, number>()
  for (const t of threads.map.values()) if (t.leader === t && !owners.has(t.fdTable)) owners.set(t.fdTable, t.tid)
  const out: ThreadInfo[] = []
  for (const t of threads.map.values()) {
    const info: Record<string, unknown> = { tid: t.tid, pid: t.pid, cwd: t.cwd, root: t.root }
    for (const key of SAME) info[key] = t[key]
    info.startBoot = t.startTime === undefined ? 0 : t.startTime + startBoot
    const owner = owners.get(t.fdTable)
    if (owner === undefined) owners.set(t.fdTable, t.tid)
    if (owner === undefined || owner === t.tid) info.fds = [...t.fdTable.fds.values()].map(saveFd)
    else if (t.leader === t || t.leader.fdTable !== t.fdTable) info.fdsOf = owner
    out.push(info as unknown as ThreadInfo)
  }
  return out
}

const FD_KEYS = [
  'num',
  'type',
  'name',
  'nameRaw',
  'dev',
  'ino',
  'flags',
  'layer',
  'family',
  'sockType',
  'proto',
  'tcpState',
  'localIp',
  'localPort',
  'remoteIp',
  'remotePort',
  'source',
  'dest',
  'path',
] as const satisfies readonly (keyof FdInfo)[]

function saveFd(fd: Fd): FdInfo {
  const info: Record<string, unknown> = {}
  for (const key of FD_KEYS) if (fd[key] !== undefined) info[key] = fd[key]
  if (fd.role !== Role.Unknown) info.server = fd.role === Role.Server
  return info as unknown as FdInfo
}
