// TCP connections as they end: who talked to whom, for how long, and how many bytes went each way.
import {
  bytesText,
  defineChisel,
  type Event,
  endpointText,
  eventLines,
  type Fd,
  isPeek,
  spanText,
  type Thread,
  type Values,
} from '../src/chisel/index.js'

const FIELDS = {
  type: 'evt.type',
  ret: 'evt.rawres',
  failed: 'evt.failed',
  proc: 'proc.name',
  container: 'container.name',
  server: 'fd.is_server',
  l4: 'fd.l4proto',
  write: 'evt.is_io_write',
  io: 'evt.is_io',
  bytes: 'evt.buflen',
  option: 'evt.arg.optname',
  value: 'evt.arg.val',
  opcode: 'evt.arg.opcode',
} as const
type Fields = Values<typeof FIELDS>

/** One side of a connection. Times in ns. */
interface Life {
  readonly pid: number
  readonly proc: string
  readonly container: string | undefined
  readonly server: boolean
  readonly local: string
  readonly localPort: number
  readonly remote: string
  readonly remotePort: number
  /** its beginning was seen; otherwise it is older than the capture, and counted from its first event */
  readonly whole: boolean
  readonly from: number
  sent: number
  received: number
  /** the descriptor was copied, or another process has it too */
  shared: boolean
  /** when a holder let it go that may have been the last one */
  left: number | undefined
}

export default defineChisel({
  description: 'Shows TCP connections as they end: who talked to whom, how long, and the bytes each way.',
  details:
    'PEER is ->ADDRESS:PORT of a connection that the process made, :PORT<-ADDRESS:PORT of one that it accepted; one within the ' +
    'machine is shown by both sides. LIFE has > before it where the connection is older than the capture, + behind it where it is still open at ' +
    'the end. SENT and RECV are the bytes that system calls moved: of an encrypted connection the encrypted ones, not those of io_uring and of mapped memory. ' +
    'A connection that several processes hold ends with the last of them, which is seen within a second. -pc adds the container, ' +
    '-j has both ends.',
  category: 'Net',
  fields: FIELDS,
  filter:
    '(fd.type in (ipv4, ipv6) and (evt.is_io=true or evt.type in (connect, accept, accept4, close, getsockopt, io_uring_complete, dup, dup2, dup3) or ' +
    'evt.type=fcntl and evt.arg.cmd in (F_DUPFD, F_DUPFD_CLOEXEC, F_SETFD))) or ' +
    'evt.type in (procexit, execve, execveat, close_range)',
  hooks(c) {
    const lives = new Map<string, Life>()
    /** keys of connections by the process that was seen with them */
    const held = new Map<number, Set<string>>()
    const out = eventLines(c, COLUMNS)
    let ticks = 0
    let dropped = 0

    const begin = (key: string, v: Fields, e: Event, fd: Fd, whole: boolean): Life | undefined => {
      if (lives.size >= MOST) {
        dropped++
        return undefined
      }
      const life: Life = {
        pid: e.pid,
        proc: v.proc ?? '<NA>',
        container: v.container,
        server: v.server === true,
        local: fd.localIp ?? '',
        localPort: fd.localPort ?? 0,
        remote: fd.remoteIp ?? '',
        remotePort: fd.remotePort ?? 0,
        whole,
        from: e.time,
        sent: 0,
        received: 0,
        shared: fd.shared,
        left: undefined,
      }
      lives.set(key, life)
      hold(e.pid, key)
      return life
    }
    const hold = (pid: number, key: string) => {
      const keys = held.get(pid)
      if (keys === undefined) held.set(pid, new Set([key]))
      else keys.add(key)
    }
    const share = (key: string, life: Life, pid: number) => {
      life.shared = true
      hold(pid, key)
    }
    const end = (key: string, life: Life, time: number, open = false) => {
      forget(key, life)
      show(life, time, open)
    }
    const forget = (key: string, life: Life) => {
      lives.delete(key)
      const keys = held.get(life.pid)
      keys?.delete(key)
      if (keys?.size === 0) held.delete(life.pid)
    }
    const show = (l: Life, time: number, open: boolean) => {
      const duration = time - l.from
      const { pid, proc, container, server, local, localPort, remote, remotePort, whole, sent, received } = l
      if (c.json) {
        const began = whole ? c.epoch(l.from) : undefined
        const ends = { local, localPort, remote, remotePort }
        const who = { pid, proc, container, side: server ? 'server' : 'client' }
        c.emit({ time: c.epoch(time), began, duration, open, ...who, ...ends, sent, received })
        return
      }
      const peer = endpointText(remote, remotePort)
      out.row([
        c.timeOfDay(time),
        `${pid}`,
        proc,
        container ?? '',
        `${whole ? '' : '>'}${spanText(duration)}${open ? '+' : ''}`,
        bytesText(sent),
        bytesText(received),
        server ? `:${localPort}<-${peer}` : `->${peer}`,
      ])
    }

    /** Ends those that no process has any more. */
    const sweep = (time: number) => {
      const alive = new Set<string>()
      const tables = new Set<unknown>()
      c.threads(undefined, (_, t) => {
        if (tables.has(t.fdTable)) return
        tables.add(t.fdTable)
        for (const fd of t.fdTable.fds.values()) if (isConnection(fd)) alive.add(keyOf(fd, t))
      })
      for (const [key, life] of lives) {
        if (!alive.has(key)) end(key, life, life.left ?? time)
        else if (life.left !== undefined && time - life.left > PATIENCE) life.left = undefined
      }
    }
    /** The process ends, or runs another program: what it held may have ended. */
    const leave = (pid: number, time: number) => {
      for (const key of held.get(pid) ?? []) {
        const life = lives.get(key)
        if (life !== undefined) life.left = time
      }
    }
    const closed = (key: string, fd: Fd, life: Life, time: number) => {
      if (fd.shared || life.shared) life.left = time
      else end(key, life, time)
    }
    const connected = (key: string, v: Fields, e: Event, fd: Fd) => {
      const known = lives.get(key)
      if (v.type === 'connect' && (v.ret ?? 0) < 0 && v.ret !== EINPROGRESS) {
        if (known !== undefined && v.ret !== EISCONN && v.ret !== EALREADY) forget(key, known)
        return
      }
      // a non-blocking connect is asked again how it went
      if (known !== undefined && known.pid === e.pid && known.sent + known.received === 0 && v.type === 'connect')
        return
      if (known !== undefined) end(key, known, known.left ?? e.time)
      begin(key, v, e, fd, true)
    }

    const moved = (known: Life | string, v: Fields, e: Event, fd: Fd) => {
      if (v.failed === true || isPeek(e)) return
      const life = typeof known === 'string' ? begin(known, v, e, fd, fd.born >= 0) : known
      if (life === undefined) return
      life.left = undefined
      if (v.write === true) life.sent += v.bytes ?? 0
      else life.received += v.bytes ?? 0
    }

    const about = (key: string, v: Fields, e: Event, fd: Fd) => {
      if (BEGINS.has(v.type ?? '')) return connected(key, v, e, fd)
      const life = lives.get(key)
      if (life !== undefined && (COPIES.has(v.type ?? '') || life.pid !== e.pid)) share(key, life, e.pid)
      if (v.io === true) moved(life ?? key, v, e, fd)
      else if (life === undefined) return
      else if (closes(v)) closed(key, fd, life, e.time)
      else if (v.type === 'getsockopt' && tellsFailure(v)) forget(key, life)
    }

    return {
      start: () => out.titles(),
      event(v, e) {
        if (e.def.category === 'process' || v.type === 'close_range') return leave(e.pid, e.time)
        const { fd, thread } = e
        if (fd === undefined || thread === undefined || !isConnection(fd) || v.l4 !== 'tcp') return
        about(keyOf(fd, thread), v, e, fd)
      },
      interval(time) {
        const some = [...lives.values()].some((l) => l.left !== undefined)
        if (some || ++ticks % SELDOM === 0) sweep(time)
      },
      end(time) {
        sweep(time)
        for (const [key, life] of lives) end(key, life, time, true)
        if (dropped > 0) c.tell(`${dropped} connections are not shown: more than ${MOST} were open at a time`)
      },
    }
  },
})

const COLUMNS = [
  ['TIME', 9],
  ['PID', 8],
  ['COMM', 12],
  ['CONTAINER', 14, 'containers'],
  ['LIFE', 9],
  ['SENT', 9],
  ['RECV', 9],
  ['PEER', 0],
] as const

const BEGINS: ReadonlySet<string> = new Set(['connect', 'accept', 'accept4'])
const COPIES: ReadonlySet<string> = new Set(['dup', 'dup2', 'dup3', 'fcntl'])
/** Connections that are followed at a time. */
const MOST = 100_000
/** ns: what an event ends is known to have ended with the event after it. */
const PATIENCE = 2e9
/** Intervals between two looks whether all connections are still there: the ends of their processes may not pass a filter. */
const SELDOM = 10
const URING_CLOSE = 'IORING_OP_CLOSE'
const EISCONN = -106
const EALREADY = -114
const EINPROGRESS = -115

/** It has both ends. Without a port of its own it was refused at once. */
function isConnection(fd: Fd): boolean {
  return (fd.type === 'ipv4' || fd.type === 'ipv6') && fd.remoteIp !== undefined && (fd.localPort ?? 0) !== 0
}

/** What tells one side of a connection from all others: the same ends may exist in each container. */
function keyOf(fd: Fd, t: Thread): string {
  return `${t.container?.id ?? ''} ${fd.localIp} ${fd.localPort} ${fd.remoteIp} ${fd.remotePort}`
}

function closes(v: Fields): boolean {
  return v.type === 'close' || (v.type === 'io_uring_complete' && v.opcode === URING_CLOSE)
}

/** A connection was asked whether it could be made, and could not. */
function tellsFailure(v: Fields): boolean {
  return v.option?.includes('SO_ERROR') === true && v.failed === false && !/^0\b/.test(v.value ?? '0')
}
