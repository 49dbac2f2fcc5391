// Sending and receiving: datagrams name the partner, and unknown sockets become known.
import { AF_UNIX } from '../../model/address.js'
import { Fd } from '../../model/fd.js'
import type { EventDef } from '../../schema/types.js'
import { fdName } from '../fd-name.js'
import { guessRole, setEnds, tupleChanged, tupleOf } from '../socket-addresses.js'
import { isInet, isSocket } from '../socket-sides.js'
import { type EffectMaker, type Effects, int, param, slot, use } from './effect.js'

const SOCK_STREAM = 1

function transfer(incoming: boolean): EffectMaker {
  return (def: EventDef) => {
    const given = slot(def, 'fd')
    const tuple = param(def, 'tuple')
    return (s, e, t) => {
      const n = int(e, given, -1)
      let fd = use(e, t, n)
      if (e.ret < 0 || n < 0) return
      if (fd === undefined) {
        if (t.fdTable.fds.has(n)) return
        const ends = tupleOf(e, tuple)
        if (ends === undefined) return
        fd = Fd.make(n, 'socket', '')
        t.fdTable.put(fd)
        e.fd = fd
      } else if (!isSocket(fd) || (fd.connected && (e.batch.native || isStream(fd)))) return
      else if (fd.sockType === SOCK_STREAM && fd.remoteIp !== undefined) {
        fd.connected = true
        fd.changed()
        return
      }
      if (!tupleChanged(e, fd, tuple)) return
      const ends = tupleOf(e, tuple)
      if (ends === undefined) return
      const before = fdName(fd)
      const wasBound = fd.localIp !== undefined && fd.remoteIp === undefined
      setEnds(fd, ends, incoming, s.info.addresses)
      if (ends.family !== AF_UNIX) guessRole(fd, t, incoming, wasBound)
      s.peers?.learn(fd, t)
      e.fdNameChanged = fdName(fd) !== before
    }
  }
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
