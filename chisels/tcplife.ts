// Ended TCP connections: processes, duration, and bytes in each direction.
import {
  bytesText,
  type ChiselContext,
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
  connectError: 'fd.connect_error',
  write: 'evt.is_io_write',
  io: 'evt.is_io',
  bytes: 'evt.buflen',
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
  /** its start was captured; otherwise it is older than the capture, and counted from its first event */
  readonly startSeen: boolean
  readonly from: number
  sent: number
  received: number
  /** the descriptor was copied, or another process has it too */
  shared: boolean
  /** when a holder released it that may have been the last one */
  releasedAt: number | undefined
}

export default defineChisel({
  description: 'Shows TCP connections when they end: process, peer, duration, and bytes in each direction.',
  details:
    'PEER is ->ADDRESS:PORT of a connection that the process made, :PORT<-ADDRESS:PORT of one that it accepted; a connection ' +
    'within the machine is shown by both sides. LIFE starts with > if the connection is older than the capture, and ends with + ' +
    'if it is still open at the end. SENT and RECV are the bytes transferred by system calls: encrypted bytes of an encrypted ' +
    'connection; without those of io_uring and mapped memory. A connection that several processes hold ends with the last of ' +
    'them, which is detected within a second. -pc adds the container, -j has both ends.',
  category: 'Net',
  fields: FIELDS,
  filter:
    '(fd.type in (ipv4, ipv6) and (evt.is_io=true or evt.type in (connect, accept, accept4, close, getsockopt, io_uring_complete, dup, dup2, dup3) or ' +
    'evt.type=fcntl and evt.arg.cmd in (F_DUPFD, F_DUPFD_CLOEXEC, F_SETFD))) or ' +
    'evt.type in (procexit, execve, execveat, close_range)',
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const open = new OpenConnections((life, time, isOpen) =>
      c.json ? c.emit(jsonOf(c, life, time, isOpen)) : out.row(cellsOf(c, life, time, isOpen)),
    )
    let ticks = 0
    /** Ends the connections that no process has any more. */
    const sweep = (time: number) => {
      const held = new Set<string>()
      const tables = new Set<unknown>()
      c.threads(undefined, (_, t) => {
        if (tables.has(t.fdTable)) return
        tables.add(t.fdTable)
        for (const fd of t.fdTable.fds.values()) if (isConnection(fd)) held.add(keyOf(fd, t))
      })
      open.endExcept(held, time)
    }
    return {
      start: () => out.titles(),
      event(v, e) {
        if (e.def.category === 'process' || v.type === 'close_range') return open.release(e.pid, e.time)
        const { fd, thread } = e
        if (fd === undefined || thread === undefined || !isConnection(fd) || v.l4 !== 'tcp') return
        open.event(keyOf(fd, thread), v, e, fd)
      },
      interval(time) {
        if (open.someReleased || ++ticks % SELDOM === 0) sweep(time)
      },
      end(time) {
        sweep(time)
        open.endAll(time)
        if (open.dropped > 0) c.tell(`${open.dropped} connections are not shown: more than ${MOST} were open at a time`)
      },
    }
  },
})

/** The connections that are open; `show` is called with each when it ends, or is still open at the end of the capture. */
class OpenConnections {
  /** connections that exceeded the limit */
  dropped = 0
  private readonly lives = new Map<string, Life>()
  /** keys of connections, by the processes that used them */
  private readonly held = new Map<number, Set<string>>()

  constructor(private readonly show: (life: Life, time: number, open: boolean) => void) {}

  /** Whether a connection was released by a holder that may have been the last one. */
  get someReleased(): boolean {
    return [...this.lives.values()].some((l) => l.releasedAt !== undefined)
  }

  /** An event on the descriptor of a connection. */
  event(key: string, v: Fields, e: Event, fd: Fd): void {
    if (STARTS.has(v.type ?? '')) {
      this.connected(key, v, e, fd)
      return
    }
    const life = this.lives.get(key)
    if (life !== undefined && (COPIES.has(v.type ?? '') || life.pid !== e.pid)) this.share(key, life, e.pid)
    if (v.io === true) this.transferred(life ?? key, v, e, fd)
    else if (life === undefined) return
    else if (closes(v)) this.closed(key, fd, life, e.time)
    else if (v.type === 'getsockopt' && v.connectError !== undefined) this.forget(key, life)
  }

  /** The process ends, or runs another program: connections that it held may have ended. */
  release(pid: number, time: number): void {
    for (const key of this.held.get(pid) ?? []) {
      const life = this.lives.get(key)
      if (life !== undefined) life.releasedAt = time
    }
  }

  /** Ends all connections whose keys are not in `held`. */
  endExcept(held: ReadonlySet<string>, time: number): void {
    for (const [key, life] of this.lives) {
      if (!held.has(key)) this.end(key, life, life.releasedAt ?? time)
      else if (life.releasedAt !== undefined && time - life.releasedAt > PATIENCE) life.releasedAt = undefined
    }
  }

  /** Shows all connections as still open. */
  endAll(time: number): void {
    for (const [key, life] of this.lives) this.end(key, life, time, true)
  }

  private connected(key: string, v: Fields, e: Event, fd: Fd): void {
    const known = this.lives.get(key)
    if (v.type === 'connect' && (v.ret ?? 0) < 0 && v.ret !== EINPROGRESS) {
      if (known !== undefined && v.connectError !== undefined) this.forget(key, known)
      return
    }
    // a program may repeat a non-blocking connect to get its result
    if (known !== undefined && known.pid === e.pid && known.sent + known.received === 0 && v.type === 'connect') return
    if (known !== undefined) this.end(key, known, known.releasedAt ?? e.time)
    this.start(key, v, e, fd, true)
  }

  private transferred(known: Life | string, v: Fields, e: Event, fd: Fd): void {
    if (v.failed === true || isPeek(e)) return
    const life = typeof known === 'string' ? this.start(known, v, e, fd, fd.born >= 0) : known
    if (life === undefined) return
    life.releasedAt = undefined
    if (v.write === true) life.sent += v.bytes ?? 0
    else life.received += v.bytes ?? 0
  }

  private closed(key: string, fd: Fd, life: Life, time: number): void {
    if (fd.shared || life.shared) life.releasedAt = time
    else this.end(key, life, time)
  }

  private start(key: string, v: Fields, e: Event, fd: Fd, startSeen: boolean): Life | undefined {
    if (this.lives.size >= MOST) {
      this.dropped++
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
      startSeen,
      from: e.time,
      sent: 0,
      received: 0,
      shared: fd.shared,
      releasedAt: undefined,
    }
    this.lives.set(key, life)
    this.hold(e.pid, key)
    return life
  }

  private hold(pid: number, key: string): void {
    const keys = this.held.get(pid)
    if (keys === undefined) this.held.set(pid, new Set([key]))
    else keys.add(key)
  }

  private share(key: string, life: Life, pid: number): void {
    life.shared = true
    this.hold(pid, key)
  }

  private end(key: string, life: Life, time: number, open = false): void {
    this.forget(key, life)
    this.show(life, time, open)
  }

  private forget(key: string, life: Life): void {
    this.lives.delete(key)
    const keys = this.held.get(life.pid)
    keys?.delete(key)
    if (keys?.size === 0) this.held.delete(life.pid)
  }
}

type Context = Pick<ChiselContext<unknown, typeof FIELDS>, 'epoch' | 'timeOfDay'>

function jsonOf(c: Context, l: Life, time: number, open: boolean): unknown {
  const { pid, proc, container, server, local, localPort, remote, remotePort, sent, received } = l
  const began = l.startSeen ? c.epoch(l.from) : undefined
  const ends = { local, localPort, remote, remotePort }
  const who = { pid, proc, container, side: server ? 'server' : 'client' }
  return { time: c.epoch(time), began, duration: time - l.from, open, ...who, ...ends, sent, received }
}

function cellsOf(c: Context, l: Life, time: number, open: boolean): string[] {
  const peer = endpointText(l.remote, l.remotePort)
  return [
    c.timeOfDay(time),
    `${l.pid}`,
    l.proc,
    l.container ?? '',
    `${l.startSeen ? '' : '>'}${spanText(time - l.from)}${open ? '+' : ''}`,
    bytesText(l.sent),
    bytesText(l.received),
    l.server ? `:${l.localPort}<-${peer}` : `->${peer}`,
  ]
}

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

const STARTS: ReadonlySet<string> = new Set(['connect', 'accept', 'accept4'])
const COPIES: ReadonlySet<string> = new Set(['dup', 'dup2', 'dup3', 'fcntl'])
/** Maximum number of connections to track at a time. */
const MOST = 100_000
/** ns: the state shows the effect of an event only after the next event. */
const PATIENCE = 2e9
/** Intervals between two sweeps without a release: the ends of processes may not pass the filter. */
const SELDOM = 10
const URING_CLOSE = 'IORING_OP_CLOSE'
const EINPROGRESS = -115

/** Whether the socket has both ends. A socket without a local port was refused immediately. */
function isConnection(fd: Fd): boolean {
  return (fd.type === 'ipv4' || fd.type === 'ipv6') && fd.remoteIp !== undefined && (fd.localPort ?? 0) !== 0
}

/** Identifies one side of a connection; the same addresses may exist in each container. */
function keyOf(fd: Fd, t: Thread): string {
  return `${t.container?.id ?? ''} ${fd.localIp} ${fd.localPort} ${fd.remoteIp} ${fd.remotePort}`
}

function closes(v: Fields): boolean {
  return v.type === 'close' || (v.type === 'io_uring_complete' && v.opcode === URING_CLOSE)
}
