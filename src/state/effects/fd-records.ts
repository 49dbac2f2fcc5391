// Descriptors that the kernel side tells itself: those that came from another process, and whole tables of processes whose
// events were not followed until then.
import { AF_INET, AF_INET6, AF_UNIX, TCP_ESTABLISHED, TCP_LISTEN } from '../../model/address.js'
import type { Event } from '../../model/event.js'
import { Fd, Role } from '../../model/fd.js'
import { kindOf, nameOf } from '../../model/fd-kind.js'
import { FdTable } from '../../model/fd-table.js'
import { SHARED } from '../../schema/events/internal.js'
import type { EventDef } from '../../schema/types.js'
import { setKnownEndpoints, socketType, tupleOf } from '../socket-addresses.js'
import { add, type Effect, type Effects, num, param, text, whole } from './effect.js'

/** The table begins anew: the rows of the same time that follow are all that is in it. */
function table(def: EventDef): Effect {
  const shared = param(def, 'shared')
  return (_s, e, t) => {
    const main = t.leader.fdTable
    const bits = num(e, shared) ?? 0
    // another process may still have the table that this thread had until it unshared it
    if (bits & SHARED.NONE) t.fdTable = new FdTable()
    else if (bits & SHARED.FILES) t.fdTable = main
    else if (t !== t.leader && t.fdTable === main) t.fdTable = new FdTable()
    t.fdTable.reset(e.time)
  }
}

/** One descriptor. In a table told anew it is as old as anything; otherwise it was born now. */
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
    const told = t.fdTable.listedAt === e.time
    // the calls that make anonymous ones give them no name
    const fd = Fd.make(at, type, told && name.startsWith('anon_inode:') ? '' : nameOf(type, name))
    fd.flags = num(e, flags)
    fd.dev = num(e, dev)
    fd.ino = whole(e, ino)
    if (type === 'socket') socket(fd, e, s.info.addresses)
    if (told) t.fdTable.put(fd)
    else add(e, t, fd)
    s.peers?.learn(fd, t)
  }
}

/** Makes the function that takes over what a record tells of a socket. */
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

/** Where a socket is bound. The call's own row follows. */
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
