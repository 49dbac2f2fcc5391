// thread.spent*: where the time of threads goes: in the program itself, or in which call, on what.
import { NO_LATENCY, ROW } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { Role } from '../model/fd.js'
import { CODE } from '../schema/codes.js'
import { fdName } from '../state/fd-name.js'
import { isInet } from '../state/socket-sides.js'
import { cpuTime, LastReported, USER } from './cpu-time.js'
import { fields as evtFields } from './evt.js'
import { type FieldContext, field, type Getter } from './field.js'

const ON_CPU = 'on CPU'

/** A call that has ended, or is in progress. */
const isCall = (e: Event): boolean => (e.type & 1) === 1 || (e.flags & ROW.IN_FLIGHT) !== 0

/**
 * Duration of a call in ns; for a call already reported while in progress, only the time since. For samples of tables:
 * the user CPU time since the previous sample; of calls only the time after the first sample counts then.
 */
function spent(ctx: FieldContext): Getter<number> {
  const cpu = cpuTime(USER)(ctx)
  const counted = new LastReported(ctx)
  let from = Number.NEGATIVE_INFINITY
  return (e) => {
    if (e.type === CODE.ks_times) {
      if (from === Number.NEGATIVE_INFINITY) from = e.time
      return cpu(e)
    }
    const latency = e.batch.latency[e.row] as number
    if (!isCall(e) || latency === NO_LATENCY) return undefined
    const t = e.thread
    const until = t === undefined ? undefined : counted.get(t, e)
    if (t !== undefined) counted.set(t, e, Math.max(e.time, until ?? e.time))
    return Math.max(0, e.time - Math.max(e.time - latency, from, until ?? from))
  }
}

/** Name of the call. */
function callName(ctx: FieldContext): Getter<string> {
  const call = evtFields['syscall.type'].make(ctx, undefined)
  return (e) => (e.type === CODE.ks_times ? ON_CPU : isCall(e) ? call(e) : undefined)
}

/**
 * The object of the descriptor: a path or the other end of a connection. Without the port for clients, whose port
 * differs for each connection. Empty for descriptors that only wait for others (epoll).
 */
function callObject(e: Event): string {
  const { fd } = e
  if (fd === undefined || fd.type === 'eventpoll') return ''
  if (!isInet(fd) || fd.remoteIp === undefined) return fdName(fd)
  const ip = fd.type === 'ipv6' ? `[${fd.remoteIp}]` : fd.remoteIp
  return fd.role === Role.Server ? fd.remoteIp : `${ip}:${fd.remotePort}`
}

export const fields = {
  'thread.spent': field({
    type: 'reltime',
    doc: 'Nanoseconds that the thread spent in the call; in tables of threads also in the program itself, none counted twice.',
    cost: 4,
    needs: ['latency', 'times', 'lines'],
    sampled: true,
    make: spent,
  }),
  'thread.spent.in': field({
    type: 'string',
    doc: 'Where that time was spent: the name of the call; in tables of threads also `on CPU`, the program itself.',
    cost: 4,
    sampled: true,
    make: callName,
  }),
  'thread.spent.on': field({
    type: 'string',
    doc: 'Object of the call: a file, or the other end of a connection; empty without a descriptor.',
    cost: 16,
    sampled: true,
    make: () => callObject,
  }),
}
