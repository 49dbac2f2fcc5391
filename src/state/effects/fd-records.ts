// Descriptors that the kernel side reports itself: those received from another process, and whole tables of processes whose
// events were not followed before.
import { AF_INET, AF_INET6, AF_UNIX, TCP_ESTABLISHED, TCP_LISTEN } from '../../model/address.js'
import type { Event } from '../../model/event.js'
import { Fd, Role } from '../../model/fd.js'
import { kindOf, nameOf } from '../../model/fd-kind.js'
import { FdTable } from '../../model/fd-table.js'
import { SHARED } from '../../schema/events/internal.js'
import type { EventDef } from '../../schema/types.js'
import { setKnownEndpoints, socketType, tupleOf } from '../socket-addresses.js'
import { add, type Effect, type Effects, num, param, text, wholeNumber } from './effect.js'

/** Starts a new table: the rows of the same time that follow are its whole content. */
function table(def: EventDef): Effect {
  const shared = param(def, 'shared')
  return (_s, e, t) => {
    const main = t.leader.fdTable
    const bits = num(e, shared) ?? 0
    // another process may still use the table that this thread had before unsharing it
    if (bits & SHARED.NONE) t.fdTable = new FdTable()
    else if (bits & SHARED.FILES) t.fdTable = main
    else if (t !== t.leader && t.fdTable === main) t.fdTable = new FdTable()
    t.fdTable.reset(e.time)
  }
}

/** One descriptor. In a re-sent table it predates everything; otherwise it was created now. */
function descriptor(def: EventDef): Effect {
  const n = param(def, 'fd')
  const mode = param(def, 'mode')
  const path = param(def, 'path')
  const flags = param(def, 'flags')
  const dev = param(def, 'dev')
  const ino = param(def, 'ino')
  const socket = describeSocket(def)
  return (s, e, t) => {
    const at = num(e, n)
    if (at === undefined || at < 0) return
    const name = text(e, path) ?? ''
    const type = kindOf(num(e, mode) ?? 0, name)
    const listed = t.fdTable.listedAt === e.time
    // the calls that create anonymous files give them no name
    const fd = Fd.make(at, type, listed && name.startsWith('anon_inode:') ? '' : nameOf(type, name))
    fd.flags = num(e, flags)
    fd.dev = num(e, dev)
    fd.ino = wholeNumber(e, ino)
    if (type === 'socket') socket(fd, e, s.info.addresses)
    if (listed) s.table.putFd(t, fd)
    else add(s, e, t, fd)
    s.peers?.learn(fd, t)
  }
}

/** Creates the function that copies a record's socket properties to the Fd. */
function describeSocket(def: EventDef): (fd: Fd, e: Event, addresses: readonly string[]) => void {
  const tuple = param(def, 'tuple')
  const family = param(def, 'family')
  const sockType = param(def, 'sockType')
  const proto = param(def, 'proto')
  const tcpState = param(def, 'tcpState')
  const accepted = param(def, 'accepted')
  return (fd, e, addresses) => {
    fd.family = num(e, family)
    fd.sockType = num(e, sockType)
    fd.proto = num(e, proto)
    fd.tcpState = num(e, tcpState)
    fd.type = socketType(fd.family)
    const isAccepted = num(e, accepted) === 1
    if (fd.tcpState === TCP_LISTEN || isAccepted) fd.role = Role.Server
    const endpoints = tupleOf(e, tuple)
    if (endpoints !== undefined && [AF_UNIX, AF_INET, AF_INET6].includes(endpoints.family))
      setKnownEndpoints(fd, endpoints, isAccepted, addresses)
    fd.connected = fd.tcpState === TCP_ESTABLISHED && (fd.remoteIp ?? fd.source) !== undefined
  }
}

/** The address to which a socket is bound. The call's own row follows. */
function bound(def: EventDef): Effect {
  const n = param(def, 'fd')
  const tuple = param(def, 'tuple')
  return (_s, e, t) => {
    const fd = t.fdTable.fds.get(num(e, n) ?? -1)
    const ends = tupleOf(e, tuple)
    if (fd === undefined || ends === undefined || ends.family === AF_UNIX || ends.sourcePort === 0) return
    fd.localIp = ends.sourceIp
    fd.localPort = ends.sourcePort
    fd.name = ''
    fd.changed()
  }
}

export const fdRecordEffects: Effects = { ks_fds: table, ks_fd: descriptor, ks_bound: bound }
