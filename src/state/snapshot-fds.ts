// Loads the descriptors of snapshots into tables and saves them; decides the roles of sockets that existed before.
import { TCP_ESTABLISHED, TCP_LISTEN } from '../model/address.js'
import { Fd, Role } from '../model/fd.js'
import { areRecords, type FdInfo, type FdRecords, type Snapshot, type ThreadRecords } from '../model/snapshot.js'
import { FdTable } from '../model/thread.js'
import { threadRecords } from '../model/thread-records.js'
import type { CaptureInfo } from '../source/source.js'
import type { Capacity } from './capacity.js'
import { isLocalAddress, isSocket } from './socket-sides.js'

const UDP = 17

type Descriptors = readonly FdInfo[] | FdRecords

/** Creates the tables of a snapshot's processes, which are filled when their descriptors are first needed. */
export function tableMaker(s: Snapshot, info: CaptureInfo, capacity: Capacity): (infos: Descriptors) => FdTable {
  let everywhere: Set<number> | undefined
  const isListenedOn = (port: number) => {
    everywhere ??= listeningIn(threadRecords(s.threads))
    return everywhere.has(port)
  }
  const commons = new Map<string, Fd>()
  const tables: Tables = { info, isListenedOn, commons, most: capacity.descriptors }
  return (infos) => {
    let counted = false
    return FdTable.filledBy((table) => {
      const over = fill(table, infos, tables)
      if (!counted) capacity.lost += over
      counted = true
    })
  }
}

/** Ports on which any of these threads listens. */
function listeningIn(threads: ThreadRecords): Set<number> {
  const ports = new Set<number>()
  for (let i = 0; i < threads.length; i++) if (threads.listens(i)) addListening(threads.at(i).fds ?? [], ports)
  return ports
}

/** What the tables of one snapshot have in common. */
interface Tables {
  readonly info: CaptureInfo
  /** whether any process of the snapshot listens on that port */
  readonly isListenedOn: (port: number) => boolean
  /** sockets by FdInfo.common and number: the tables are filled in any order */
  readonly commons: Map<string, Fd>
  /** maximum number of descriptors of a table */
  readonly most: number
}

/** Returns how many descriptors did not fit. */
function fill(table: FdTable, infos: Descriptors, { info, isListenedOn, commons, most }: Tables): number {
  const own = new Set<number>()
  let over = 0
  if (!info.has.socketEndpoints) addListening(infos, own)
  for (const i of infos) {
    if (table.fds.size >= most) {
      over++
      continue
    }
    const key = i.common === undefined ? undefined : `${i.common} ${i.num}`
    const same = key === undefined ? undefined : commons.get(key)
    if (same !== undefined) {
      table.put(same)
      continue
    }
    const fd = fdOf(i)
    loadRole(fd, i.server, info, { isListenedOn, own })
    fd.connected = i.connected ?? likelyConnected(fd)
    if (key !== undefined) {
      // the other tables may be filled only after this one has removed it
      fd.shared = true
      commons.set(key, fd)
    }
    table.put(fd)
  }
  return over
}

function fdOf({ server, common, ...same }: FdInfo): Fd {
  const fd = Object.assign(new Fd(same.num, same.type, same.name), same) as Fd
  if (fd.type === 'unix' && fd.name === '' && fd.path !== undefined) fd.name = fd.path
  return fd
}

/** Ports with a listening socket: of any process, and of the process whose socket is loaded. */
interface ListeningPorts {
  readonly isListenedOn: (port: number) => boolean
  readonly own: ReadonlySet<number>
}

/** Decides whether a socket is a client's or a server's; `server`: the snapshot's value. */
function loadRole(fd: Fd, server: boolean | undefined, info: CaptureInfo, ports: ListeningPorts): void {
  // a bound datagram socket may also be a client's: its first datagram decides
  const open = fd.proto === UDP && fd.remoteIp === undefined
  if (server !== undefined && !open) fd.role = server ? Role.Server : Role.Client
  else if (fd.tcpState === TCP_LISTEN) fd.role = Role.Server
  else if (fd.remoteIp === undefined) return
  else if (ports.isListenedOn(fd.localPort ?? -1)) fd.role = Role.Server
  else if (info.has.socketEndpoints) fd.role = Role.Client
  else orient(fd, ports.own, info.addresses)
}

/** Whether a socket is probably connected, if the snapshot does not contain it. */
function likelyConnected(fd: Fd): boolean {
  return fd.tcpState === TCP_ESTABLISHED || (fd.tcpState === undefined && fd.remoteIp !== undefined)
}

function addListening(fds: Descriptors, into: Set<number>): void {
  if (areRecords(fds)) for (const port of fds.listening) into.add(port)
  else for (const fd of fds) if (fd.tcpState === TCP_LISTEN && fd.localPort !== undefined) into.add(fd.localPort)
}

/**
 * Decides which end of a connection this socket is, if only source and destination are known: the server's end if only the
 * destination is the host's own, or if both are and the process itself listens on that port.
 */
function orient(fd: Fd, listening: ReadonlySet<number>, addresses: readonly string[]): void {
  const { localIp, localPort, remoteIp, remotePort } = fd
  if (localIp === undefined || remoteIp === undefined) return
  const toUs = isLocalAddress(remoteIp, addresses)
  fd.role = Role.Client
  if (!toUs || (isLocalAddress(localIp, addresses) && !listening.has(remotePort ?? -1))) return
  fd.role = Role.Server
  fd.localIp = remoteIp
  fd.localPort = remotePort
  fd.remoteIp = localIp
  fd.remotePort = localPort
}

const KEYS = [
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

/** The descriptors of these tables as plain data. */
export function savedTables(tables: Iterable<FdTable>): Map<FdTable, FdInfo[]> {
  const first = new Map<Fd, FdInfo>()
  let commons = 0
  const save = (fd: Fd): FdInfo => {
    const info = savedFd(fd)
    if (!fd.shared || !isSocket(fd)) return info
    const other = first.get(fd)
    if (other === undefined) first.set(fd, info)
    else {
      other.common ??= ++commons
      info.common = other.common
    }
    return info
  }
  return new Map(Array.from(tables, (table) => [table, table.saved().map(save)]))
}

function savedFd(fd: Fd): FdInfo {
  const info: Record<string, unknown> = {}
  for (const key of KEYS) if (fd[key] !== undefined) info[key] = fd[key]
  if (fd.role !== Role.Unknown) {
    info.server = fd.role === Role.Server
    info.connected = fd.connected
  }
  return info as unknown as FdInfo
}
