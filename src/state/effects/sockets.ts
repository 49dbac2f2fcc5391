// The lifetime of a socket: created, bound, listening, connected, accepted.
import { AF_UNIX, TCP_ESTABLISHED, TCP_LISTEN } from '../../model/address.js'
import type { Event } from '../../model/event.js'
import { Fd, Role } from '../../model/fd.js'
import type { EventDef } from '../../schema/types.js'
import { CLOEXEC } from '../flag-bits.js'
import { addressOf, dissolve, setBound, setEndpoints, socketType, tupleOf } from '../socket-addresses.js'
import { isInet } from '../socket-sides.js'
import { add, closesOnExec, create, type Effect, type Effects, num, param, use } from './effect.js'

const EINPROGRESS = -115
const AF_UNSPEC = 0
/** Results of connect while an attempt is in progress, or on a connected socket: EINTR, EISCONN, EALREADY. */
const UNDECIDED: ReadonlySet<number> = new Set([-4, -106, -114])
/** Results from here down are the kernel's own: the call is restarted. */
const RESTARTED = -512
const TYPE_MASK = 0xf

function socket(def: EventDef): Effect {
  const domain = param(def, 'domain')
  const type = param(def, 'type')
  const proto = param(def, 'proto')
  const closes = closesOnExec(def)
  return (s, e, t) => {
    if (e.ret < 0) return
    const family = num(e, domain)
    const kind = num(e, type) ?? 0
    const fd = create(s, e, t, e.ret, socketType(family), '', closes(e))
    fd.family = family
    fd.sockType = kind & TYPE_MASK
    fd.proto = num(e, proto)
  }
}

function socketpair(def: EventDef): Effect {
  const fd1 = param(def, 'fd1')
  const fd2 = param(def, 'fd2')
  const type = param(def, 'type')
  const closes = closesOnExec(def)
  return (s, e, t) => {
    const a = num(e, fd1)
    const b = num(e, fd2)
    if (e.ret < 0 || a === undefined || b === undefined || a < 0 || b < 0) return
    const kind = num(e, type) ?? 0
    for (let n = a, i = 0; i < 2; n = b, i++) {
      const fd = create(s, e, t, n, 'unix', '', closes(e))
      fd.family = AF_UNIX
      fd.sockType = kind & TYPE_MASK
    }
  }
}

function bind(def: EventDef): Effect {
  const p = param(def, 'fd')
  const addr = param(def, 'addr')
  return (_s, e, t) => {
    const fd = use(e, t, num(e, p) ?? -1)
    if (fd === undefined || e.ret < 0) return
    const address = addressOf(e, addr)
    if (address === undefined) return
    setBound(fd, address)
    e.fdNameChanged = true
  }
}

function listen(def: EventDef): Effect {
  const p = param(def, 'fd')
  return (s, e, t) => {
    const fd = use(e, t, num(e, p) ?? -1)
    if (fd === undefined || e.ret < 0) return
    fd.role = Role.Server
    if (isInet(fd)) fd.tcpState = TCP_LISTEN
    // the order of the two ends in a name depends on the role
    if (fd.remoteIp !== undefined) fd.name = ''
    fd.changed()
    s.peers?.learn(fd, t)
  }
}

function connect(def: EventDef): Effect {
  const p = param(def, 'fd')
  const tuple = param(def, 'tuple')
  const addr = param(def, 'addr')
  return (s, e, t) => {
    const fd = use(e, t, num(e, p) ?? -1)
    if (fd === undefined) return
    if (e.ret < 0 && e.ret !== EINPROGRESS) {
      if (!UNDECIDED.has(e.ret) && e.ret > RESTARTED) failToConnect(fd, -e.ret)
      nameByTarget(e, fd, addr)
      return
    }
    const endpoints = tupleOf(e, tuple)
    if (isDisconnect(e, addr)) {
      dissolve(fd, endpoints)
      e.fdNameChanged = true
      return
    }
    if (endpoints === undefined) return
    setEndpoints(fd, endpoints, false, s.info.addresses)
    fd.role = Role.Client
    fd.connected = e.ret === 0
    fd.connectError = 0
    fd.changed()
    s.peers?.learn(fd, t)
    e.fdNameChanged = true
  }
}

/** The socket's last attempt to connect has failed. */
function failToConnect(fd: Fd, error: number): void {
  if (fd.connected || fd.connectError === error) return
  fd.connectError = error
  fd.changed()
}

/** Whether the call's address has the family AF_UNSPEC, which disconnects a socket. */
function isDisconnect(e: Event, addr: number): boolean {
  const at = addr < 0 ? -1 : e.varAt(addr)
  return at >= 0 && e.varLen(at) > 0 && e.batch.arena[at] === AF_UNSPEC
}

/** An unconnected descriptor is named by the address that it was to be connected to, also if that failed. */
function nameByTarget(e: Event, fd: Fd, addr: number): void {
  const address = addressOf(e, addr)
  if (fd.connected || address === undefined) return
  const name = address.family === AF_UNIX ? address.path : `0.0.0.0:0->${address.ip}:${address.port}`
  if (fd.name === name) return
  fd.name = name
  fd.changed()
  e.fdNameChanged = true
}

/** If enter events are recorded and contain the address, the descriptor has it while the call runs. */
function connectEnters(def: EventDef): Effect {
  const p = param(def, 'fd')
  const addr = param(def, 'addr')
  return (_s, e, t) => {
    const fd = use(e, t, num(e, p) ?? -1)
    if (fd !== undefined) nameByTarget(e, fd, addr)
  }
}

function accept(def: EventDef): Effect {
  const tuple = param(def, 'tuple')
  const closes = closesOnExec(def)
  return (s, e, t) => {
    if (e.ret < 0) return
    const fd = Fd.make(e.ret, 'socket', '')
    const endpoints = tupleOf(e, tuple)
    if (endpoints !== undefined) {
      setEndpoints(fd, endpoints, true, s.info.addresses)
      if (isInet(fd)) {
        fd.sockType = 1
        fd.tcpState = TCP_ESTABLISHED
      }
    }
    fd.role = Role.Server
    fd.connected = true
    if (closes(e)) fd.flags = CLOEXEC
    add(s, e, t, fd)
    s.peers?.learn(fd, t)
  }
}

/** A program reads SO_ERROR for the result of an asynchronous connect: 0 is success. */
function getsockopt(def: EventDef): Effect {
  const p = param(def, 'fd')
  const level = param(def, 'level')
  const optname = param(def, 'optname')
  const val = param(def, 'val')
  const SOL_SOCKET = 1
  const SO_ERROR = 4
  return (_s, e, t) => {
    const fd = use(e, t, num(e, p) ?? -1)
    if (fd === undefined || e.ret < 0 || fd.connected || fd.remoteIp === undefined) return
    if (num(e, level) !== SOL_SOCKET || num(e, optname) !== SO_ERROR) return
    const value = e.bytes(val)
    // the first byte only selects the alternative that follows
    if (value === undefined || value.length < 5) return
    const error = Math.abs(new DataView(value.buffer, value.byteOffset).getInt32(1, true))
    if (error !== 0) {
      // for a socket that is not connecting, it is an error of something else
      if (fd.role === Role.Client) failToConnect(fd, error)
      return
    }
    fd.connected = true
    fd.connectError = 0
    fd.changed()
  }
}

export const socketEffects: Effects = { socket, socketpair, bind, listen, connect, accept, accept4: accept, getsockopt }

export const socketEnterEffects: Effects = { connect: connectEnters }
