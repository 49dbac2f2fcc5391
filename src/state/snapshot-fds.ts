// Loads the descriptors of snapshots into tables and saves them; decides the roles of sockets that existed before.
import { TCP_ESTABLISHED, TCP_LISTEN } from '../model/address.js'
import { Fd, Role } from '../model/fd.js'
import type { FdInfo, Snapshot } from '../model/snapshot.js'
import type { FdTable } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'
import { isLocalAddress, isSocket } from './socket-sides.js'

const UDP = 17

/** Fills the tables of a snapshot's processes. */
export function fdLoader(s: Snapshot, info: CaptureInfo): (table: FdTable, infos: readonly FdInfo[]) => void {
  const everywhere = new Set<number>()
  for (const t of s.threads) addListening(t.fds ?? [], everywhere)
  const commons = new Map<number, Fd>()
  return (table, infos) => {
    const own = new Set<number>()
    if (!info.has.socketEndpoints) addListening(infos, own)
    for (const i of infos) {
      const same = i.common === undefined ? undefined : commons.get(i.common)
      if (same !== undefined && same.num === i.num) {
        same.shared = true
        table.put(same)
        continue
      }
      const fd = fdOf(i)
      loadRole(fd, i.server, info, { everywhere, own })
      fd.connected = i.connected ?? likelyConnected(fd)
      if (i.common !== undefined) commons.set(i.common, fd)
      table.put(fd)
    }
  }
}

function fdOf({ server, common, ...same }: FdInfo): Fd {
  const fd = Object.assign(new Fd(same.num, same.type, same.name), same) as Fd
  if (fd.type === 'unix' && fd.name === '' && fd.path !== undefined) fd.name = fd.path
  return fd
}

/** Ports with a listening socket: of any process, and of the process whose socket is loaded. */
interface ListeningPorts {
  readonly everywhere: ReadonlySet<number>
  readonly own: ReadonlySet<number>
}

/** Decides whether a socket is a client's or a server's; `server`: the snapshot's value. */
function loadRole(fd: Fd, server: boolean | undefined, info: CaptureInfo, ports: ListeningPorts): void {
  // a bound datagram socket may also be a client's: its first datagram decides
  const open = fd.proto === UDP && fd.remoteIp === undefined
  if (server !== undefined && !open) fd.role = server ? Role.Server : Role.Client
  else if (fd.tcpState === TCP_LISTEN) fd.role = Role.Server
  else if (fd.remoteIp === undefined) return
  else if (ports.everywhere.has(fd.localPort ?? -1)) fd.role = Role.Server
  else if (info.has.socketEndpoints) fd.role = Role.Client
  else orient(fd, ports.own, info.addresses)
}

/** Whether a socket is probably connected, if the snapshot does not contain it. */
function likelyConnected(fd: Fd): boolean {
  return fd.tcpState === TCP_ESTABLISHED || (fd.tcpState === undefined && fd.remoteIp !== undefined)
}

function addListening(fds: readonly FdInfo[], into: Set<number>): void {
  for (const fd of fds) if (fd.tcpState === TCP_LISTEN && fd.localPort !== undefined) into.add(fd.localPort)
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

/** Creates the function that converts a descriptor of one of these tables to plain data. */
export function fdSaver(tables: Iterable<FdTable>): (fd: Fd) => FdInfo {
  const seen = new Set<Fd>()
  const commons = new Map<Fd, number>()
  for (const table of tables)
    for (const fd of table.fds.values()) {
      if (!fd.shared || !isSocket(fd)) continue
      if (seen.has(fd)) commons.set(fd, commons.get(fd) ?? commons.size + 1)
      else seen.add(fd)
    }
  return (fd) => saveFd(fd, commons.get(fd))
}

function saveFd(fd: Fd, common: number | undefined): FdInfo {
  const info: Record<string, unknown> = {}
  for (const key of KEYS) if (fd[key] !== undefined) info[key] = fd[key]
  if (fd.role !== Role.Unknown) {
    info.server = fd.role === Role.Server
    info.connected = fd.connected
  }
  if (common !== undefined) info.common = common
  return info as unknown as FdInfo
}
