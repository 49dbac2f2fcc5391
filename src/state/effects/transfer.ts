// Sending and receiving: datagrams contain the peer's address, and unknown sockets are discovered. Calls that read from one descriptor and
// write to another: the event has both, and can be viewed from either side.
import { AF_UNIX, type Tuple } from '../../model/address.js'
import { type Event, SIDE } from '../../model/event.js'
import { Fd } from '../../model/fd.js'
import type { Thread } from '../../model/thread.js'
import type { EventDef } from '../../schema/types.js'
import { fdName } from '../fd-name.js'
import { guessRole, setEndpoints, tupleChanged, tupleOf } from '../socket-addresses.js'
import { isInet, isSocket } from '../socket-sides.js'
import type { StateTables } from '../tables.js'
import { type Effect, type EffectMaker, type Effects, entered, int, param, slot, use } from './effect.js'

const SOCK_STREAM = 1

function transfer(incoming: boolean): EffectMaker {
  return (def: EventDef) => {
    const given = slot(def, 'fd')
    const tuple = param(def, 'tuple')
    return (s, e, t) => {
      const n = int(e, given, -1)
      const known = use(e, t, n)
      if (e.ret < 0 || n < 0) return
      const fd = known ?? discover(s, e, t, n, tuple)
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

/** A socket known only from this transfer, which now has its number; undefined: no address was recorded, or the number is in use. */
function discover(s: StateTables, e: Event, t: Thread, n: number, tuple: number): Fd | undefined {
  if (t.fdTable.fds.has(n) || tupleOf(e, tuple) === undefined) return undefined
  const fd = Fd.make(n, 'socket', '')
  s.table.putFd(t, fd)
  e.fd = fd
  return fd
}

/** Whether a transfer cannot contain new information about a descriptor. */
function endsAreSettled(e: Event, fd: Fd): boolean {
  return !isSocket(fd) || (fd.connected && (e.batch.native || isStream(fd)))
}

/** Applies the ends that a transfer contains, and what follows from them: which end is the client, and the socket's name. */
function learn(s: StateTables, e: Event, t: Thread, fd: Fd, endpoints: Tuple, incoming: boolean): void {
  const before = fdName(fd)
  const wasBound = fd.localIp !== undefined && fd.remoteIp === undefined
  setEndpoints(fd, endpoints, incoming, s.info.addresses)
  if (endpoints.family !== AF_UNIX) guessRole(fd, t, incoming, wasBound)
  s.peers?.learn(fd, t)
  e.fdNameChanged = fdName(fd) !== before
}

/** Whether the socket's ends are final once known. For other sockets, .scap files contain the ends in every transfer. */
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

/** Changes no state: gives the event both descriptors, viewed as a write. */
export function twoSided(def: EventDef): Effect {
  const from = slot(def, def.transfer?.from ?? '')
  const to = slot(def, def.transfer?.to ?? '')
  return (_: StateTables, e: Event, t: Thread) => {
    use(e, t, int(e, to, -1))
    readsFrom(e, t, int(e, from, -1))
  }
}

/** Gives an event that writes to its descriptor the one that it reads from, -1 if that has no number. */
export function readsFrom(e: Event, t: Thread, source: number): void {
  e.sides = SIDE.BOTH
  if (source < 0) return
  e.otherNum = source
  e.otherFd = t.fdTable.at(source, entered(e))
}
