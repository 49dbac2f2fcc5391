// Sending and receiving: datagrams name the partner, and unknown sockets become known.
import { AF_UNIX, type Tuple } from '../../model/address.js'
import type { Event } from '../../model/event.js'
import { Fd } from '../../model/fd.js'
import type { Thread } from '../../model/thread.js'
import type { EventDef } from '../../schema/types.js'
import { fdName } from '../fd-name.js'
import { guessRole, setEndpoints, tupleChanged, tupleOf } from '../socket-addresses.js'
import { isInet, isSocket } from '../socket-sides.js'
import type { StateTables } from '../tables.js'
import { type EffectMaker, type Effects, int, param, slot, use } from './effect.js'

const SOCK_STREAM = 1

function transfer(incoming: boolean): EffectMaker {
  return (def: EventDef) => {
    const given = slot(def, 'fd')
    const tuple = param(def, 'tuple')
    return (s, e, t) => {
      const n = int(e, given, -1)
      const known = use(e, t, n)
      if (e.ret < 0 || n < 0) return
      const fd = known ?? discover(e, t, n, tuple)
      if (fd === undefined || endsAreSettled(e, fd)) return
      if (fd.sockType === SOCK_STREAM && fd.remoteIp !== undefined) {
        fd.connected = true
        fd.changed()
      } else if (tupleChanged(e, fd, tuple)) {
        const endpoints = tupleOf(e, tuple)
        if (endpoints !== undefined) learn(s, e, t, fd, endpoints, incoming)
      }
    }
  }
}

/** A socket that only this transfer tells of, which now has its number; undefined: it does not tell, or the number is taken. */
function discover(e: Event, t: Thread, n: number, tuple: number): Fd | undefined {
  if (t.fdTable.fds.has(n) || tupleOf(e, tuple) === undefined) return undefined
  const fd = Fd.make(n, 'socket', '')
  t.fdTable.put(fd)
  e.fd = fd
  return fd
}

/** Whether a transfer cannot tell anything new of a descriptor. */
function endsAreSettled(e: Event, fd: Fd): boolean {
  return !isSocket(fd) || (fd.connected && (e.batch.native || isStream(fd)))
}

/** Takes over the ends that a transfer tells of, and what follows from them: who is the client, and what the socket is called. */
function learn(s: StateTables, e: Event, t: Thread, fd: Fd, endpoints: Tuple, incoming: boolean): void {
  const before = fdName(fd)
  const wasBound = fd.localIp !== undefined && fd.remoteIp === undefined
  setEndpoints(fd, endpoints, incoming, s.info.addresses)
  if (endpoints.family !== AF_UNIX) guessRole(fd, t, incoming, wasBound)
  s.peers?.learn(fd, t)
  e.fdNameChanged = fdName(fd) !== before
}

/** Keeps its ends once it has them. Files of libs tell the ends of other sockets anew with every transfer. */
function isStream(fd: Fd): boolean {
  return isInet(fd) && (fd.sockType === undefined || fd.sockType === SOCK_STREAM)
}

const send = transfer(false)
const receive = transfer(true)

export const transferEffects: Effects = {
  send,
  sendto: send,
  sendmsg: send,
  sendmmsg: send,
  recv: receive,
  recvfrom: receive,
  recvmsg: receive,
  recvmmsg: receive,
}
