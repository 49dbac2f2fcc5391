// Attempts to open TCP connections: process, target, result and duration.
import {
  defineChisel,
  type Event,
  endpointText,
  eventLines,
  type Fd,
  spanText,
  type Values,
} from '../src/chisel/index.js'

const FIELDS = {
  type: 'evt.type',
  ret: 'evt.rawres',
  res: 'evt.res',
  latency: 'evt.latency',
  proc: 'proc.name',
  container: 'container.name',
  num: 'fd.num',
  address: 'evt.arg.addr',
  error: 'fd.connect_error',
  failed: 'evt.failed',
  io: 'evt.is_io',
  opcode: 'evt.arg.opcode',
  first: 'evt.rawarg.first',
  last: 'evt.rawarg.last',
  flags: 'evt.arg.flags',
} as const
type Fields = Values<typeof FIELDS>

/** A pending attempt. Times in ns. */
interface Attempt {
  readonly pid: number
  readonly proc: string
  readonly container: string | undefined
  readonly local: string | undefined
  readonly remote: string
  readonly start: number
}

export default defineChisel({
  description: 'Shows each attempt to open a TCP connection: process, target, result and duration.',
  details:
    'RESULT is ok or the error (ECONNREFUSED, ETIMEDOUT, ENETUNREACH ...). A non-blocking connect ends when the program gets ' +
    'its result: from SO_ERROR, another connect, or sending and receiving. LAT is the time from the call until then. An ' +
    'attempt that the program abandons before is "closed"; one in progress at the end of the capture is "pending". Connects ' +
    'by io_uring are not shown. -pc adds the container, -j has both ends.',
  category: 'Net',
  fields: FIELDS,
  filter:
    '(fd.type in (ipv4, ipv6) and evt.dir=< and (evt.type in (connect, getsockopt, close, io_uring_complete) or evt.is_io=true)) or ' +
    'evt.type in (procexit, close_range)',
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const pending = new Map<string, Attempt>()
    let dropped = 0

    const show = (a: Attempt, time: number, result: string) => {
      const { pid, proc, container, local, remote, start } = a
      const latency = time - start
      if (c.json) {
        c.emit({ time: c.epoch(start), latency, pid, proc, container, local, remote, result })
        return
      }
      out.row([c.timeOfDay(start), `${pid}`, proc, container ?? '', spanText(latency), result, remote])
    }
    const end = (key: string, time: number, result: string) => {
      const attempt = pending.get(key)
      if (attempt === undefined) return
      pending.delete(key)
      show(attempt, time, result)
    }
    const connect = (key: string, v: Fields, e: Event, fd: Fd) => {
      const result = resultOf(v)
      const repeated = v.ret === EISCONN || v.ret === EALREADY
      if (pending.has(key)) {
        if (v.ret === EINPROGRESS) end(key, e.time, 'closed')
        else {
          if (result !== undefined) end(key, e.time, result)
          return
        }
      }
      const attempt = repeated ? undefined : attemptOf(v, e, fd)
      if (attempt === undefined) return
      if (result !== undefined) show(attempt, e.time, result)
      else if (pending.size < MOST) pending.set(key, attempt)
      else dropped++
    }

    return {
      start: () => out.titles(),
      event(v, e) {
        if (ends(v, e)) {
          for (const key of closedKeys(pending.keys(), v, e)) end(key, e.time, 'closed')
          return
        }
        const { fd } = e
        if (fd === undefined || fd.sockType !== SOCK_STREAM || !TCP.has(fd.proto ?? 0)) return
        const key = `${e.pid} ${v.num}`
        if (v.type === 'connect') return connect(key, v, e, fd)
        const outcome = pending.has(key) ? outcomeOf(v, fd) : undefined
        if (outcome !== undefined) end(key, e.time, outcome)
      },
      end(time) {
        for (const key of [...pending.keys()]) end(key, time, 'pending')
        if (dropped > 0) c.tell(`${dropped} attempts are not shown: more than ${MOST} were pending at a time`)
      },
    }
  },
})

const COLUMNS = [
  ['TIME', 9],
  ['PID', 8],
  ['COMM', 15],
  ['CONTAINER', 14, 'containers'],
  ['LAT', 9],
  ['RESULT', 13],
  ['REMOTE', 0],
] as const

/** Maximum number of pending attempts to track. */
const MOST = 100_000
const SOCK_STREAM = 1
/** Protocols of a stream socket: the default, TCP, and multipath TCP. */
const TCP: ReadonlySet<number> = new Set([0, 6, 262])
const EISCONN = -106
const EALREADY = -114
const EINPROGRESS = -115
const EINTR = -4
/** Results of connect with which the attempt continues. */
const GOES_ON: ReadonlySet<number> = new Set([EINPROGRESS, EALREADY, EINTR])
/** Errors of a transfer on a socket that is not yet connected. */
const AGAIN: ReadonlySet<string> = new Set(['EAGAIN', 'ENOTCONN', 'EINTR', 'EINPROGRESS'])

/** The result of a connect; undefined: the attempt is pending. */
function resultOf({ ret = 0, res = '<NA>' }: Fields): string | undefined {
  if (GOES_ON.has(ret)) return undefined
  return ret === 0 || ret === EISCONN ? 'ok' : res
}

function attemptOf(v: Fields, e: Event, fd: Fd): Attempt | undefined {
  const remote = remoteOf(v.address, fd)
  if (remote === undefined) return undefined
  const { proc = '<NA>', container } = v
  const local = (fd.localPort ?? 0) === 0 ? undefined : endpointText(fd.localIp ?? '', fd.localPort ?? 0)
  return { pid: e.pid, proc, container, local, remote, start: e.time - Number(v.latency ?? 0) }
}

/** The result of an attempt as known from another call on the socket; undefined: still unknown. */
function outcomeOf(v: Fields, fd: Fd): string | undefined {
  if (closes(v)) return 'closed'
  if (v.error !== undefined) return v.error
  if (v.failed !== true) return fd.connected ? 'ok' : undefined
  return v.io === true && !AGAIN.has(v.res ?? '') ? v.res : undefined
}

/** The target: the argument of the call, else the peer of the socket. */
function remoteOf(address: string | undefined, { remoteIp, remotePort }: Fd): string | undefined {
  const colon = address?.lastIndexOf(':') ?? -1
  if (address !== undefined && colon > 0) return endpointText(address.slice(0, colon), Number(address.slice(colon + 1)))
  return remoteIp === undefined ? undefined : endpointText(remoteIp, remotePort ?? 0)
}

/** Whether the event closes many descriptors, such as the exit of a process's last thread. */
function ends(v: Fields, e: Event): boolean {
  if (v.type === 'procexit') return (e.thread?.leader.nThreads ?? 1) <= 1
  return v.type === 'close_range' && v.failed !== true && !v.flags?.includes('CLOSE_RANGE_CLOEXEC')
}

/** The keys of the attempts that end because a process has exited or closed many descriptors. */
function closedKeys(keys: Iterable<string>, v: Fields, e: Event): string[] {
  const [first, last] = v.type === 'procexit' ? [0, Infinity] : [Number(v.first), Number(v.last)]
  return [...keys].filter((key) => {
    const [pid, num = -1] = key.split(' ').map(Number)
    return pid === e.pid && num >= first && num <= last
  })
}

function closes(v: Fields): boolean {
  return v.type === 'close' || (v.type === 'io_uring_complete' && v.opcode === 'IORING_OP_CLOSE')
}
