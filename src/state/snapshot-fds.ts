// Descriptors of snapshots to tables and back; who is client and who is server on sockets that were there before.
import { Fd, Role } from '../model/fd.js'
import type { FdInfo, Snapshot } from '../model/snapshot.js'
import type { FdTable } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'
import { isLocalAddress, isSocket } from './socket-sides.js'

const TCP_ESTABLISHED = 1
const TCP_LISTEN = 10
const UDP = 17

/** Fills the tables of a snapshot's processes. */
export function fdLoader(s: Snapshot, info: CaptureInfo): (table: FdTable, infos: readonly FdInfo[]) => void {
  const everywhere = new Set<number>()
  for (const t of s.threads) addListening(t.fds ?? [], everywhere)
  const commons = new Map<number, Fd>()
  return (table, infos) => {
    const own = new Set<number>()
    if (!info.has.socketEnds) addListening(infos, own)
    for (const { server, common, ...rest } of infos) {
      const same = common === undefined ? undefined : commons.get(common)
      if (same !== undefined && same.num === rest.num) {
        same.shared = true
        table.put(same)
        continue
      }
      const fd = Object.assign(new Fd(rest.num, rest.type, rest.name), rest) as Fd
      if (fd.type === 'unix' && fd.name === '' && fd.path !== undefined) fd.name = fd.path
      // a bound socket for datagrams may as well be a client's: its first one tells
      const open = fd.proto === UDP && fd.remoteIp === undefined
      if (server !== undefined && !open) fd.role = server ? Role.Server : Role.Client
      else if (fd.tcpState === TCP_LISTEN) fd.role = Role.Server
      else if (fd.remoteIp !== undefined && !info.has.socketEnds && !everywhere.has(fd.localPort ?? -1))
        orient(fd, own, info.addresses)
      else if (fd.remoteIp !== undefined) fd.role = everywhere.has(fd.localPort ?? -1) ? Role.Server : Role.Client
      if (rest.connected === undefined)
        fd.connected = fd.tcpState === TCP_ESTABLISHED || (fd.tcpState === undefined && fd.remoteIp !== undefined)
      if (common !== undefined) commons.set(common, fd)
      table.put(fd)
    }
  }
}

function addListening(fds: readonly FdInfo[], into: Set<number>): void {
  for (const fd of fds) if (fd.tcpState === TCP_LISTEN && fd.localPort !== undefined) into.add(fd.localPort)
}

/**
 * Where it is only told from whom to whom a connection goes, not which end this is: it is the server's end when only the
 * destination is the host's own, or when both are and the process itself listens on that port.
 */
function orient(fd: Fd, listening: Set<number>, addresses: readonly string[]): void {
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

/** Makes the function that gives a descriptor of one of these tables as plain data. */
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
