// Sockets as netstat shows them.
import { columnLines, defineChisel, type Fd, type Thread, type Values } from '../src/chisel/index.js'

const FIELDS = {
  comm: 'proc.name',
  proto: 'fd.l4proto',
  name: 'fd.name',
  serverIp: 'fd.sip',
  serverPort: 'fd.sport',
  clientIp: 'fd.cip',
  clientPort: 'fd.cport',
  peer: 'fd.peer.name',
} as const

export default defineChisel({
  description: 'Shows connections and listening sockets, as netstat does.',
  details:
    'Live, the current sockets; with -r, those at the first event of the file, or at the first that passes a filter before ' +
    "-c: ksys -r FILE 'evt.num>=1000' -c netstat. With unix=yes, Unix sockets are shown too. A socket is listed for each " +
    'thread that has it; with the argument thread.ismain=true, once for each process. -pc adds the peer if it is on this machine.',
  category: 'System State',
  args: {
    filter: { type: 'filter', doc: 'only sockets that pass, such as fd.sport=80', optional: true },
    unix: { type: 'string', doc: 'show Unix sockets too', choices: ['yes', 'no'], optional: true, default: 'no' },
    threads: {
      type: 'string',
      doc: 'list the sockets of each thread',
      choices: ['yes', 'no'],
      optional: true,
      default: 'no',
    },
  },
  fields: FIELDS,
  hooks: (c) => ({
    snapshot() {
      const kinds = c.args.unix === 'yes' ? 'fd.type in (ipv4, ipv6, unix)' : 'fd.type in (ipv4, ipv6)'
      const filter = c.args.filter === undefined ? kinds : `(${kinds}) and (${c.args.filter})`
      const sockets = c.args.threads === 'yes' ? new EachThread() : new EachProcess()
      c.descriptors(filter, (v, fd, t) => {
        const sides = fd.type === 'unix' ? localSides(v) : internetSides(v, fd)
        if (sides === undefined) return
        sockets.add({ ...sides, state: stateOf(fd), peer: v.peer, tid: t.tid, pid: t.pid, program: v.comm }, fd, t)
      })
      if (c.json) for (const socket of sockets.all()) c.emit(socket)
      else {
        const rows = [...sockets.all()].map((socket) => cellsOf(socket, c.containers))
        for (const line of columnLines(c.containers ? WITH_PEERS : COLUMNS, rows, c.columns)) c.print(line)
      }
    },
  }),
})

/** The protocol and the addresses of both sides; undefined: unknown, or the client of a Unix socket. */
interface Sides {
  readonly proto: string | undefined
  readonly server: string | undefined
  readonly client: string | undefined
}

interface Socket extends Sides {
  readonly state: string
  readonly peer: string | undefined
  readonly tid: number
  readonly pid: number
  readonly program: string | undefined
}

/** The sockets of each thread, by its descriptors. */
class EachThread {
  private readonly sockets: Socket[] = []

  add(socket: Socket): void {
    this.sockets.push(socket)
  }

  all(): Iterable<Socket> {
    return this.sockets
  }
}

/**
 * The sockets of each process, once each, with the main thread if it has them. Descriptors with the same inode are one socket; without
 * inodes, each descriptor of a table is one.
 */
class EachProcess {
  private readonly byProcess = new Map<Thread, Map<unknown, Socket>>()

  add(socket: Socket, fd: Fd, t: Thread): void {
    let sockets = this.byProcess.get(t.leader)
    if (sockets === undefined) {
      sockets = new Map()
      this.byProcess.set(t.leader, sockets)
    }
    const id = fd.ino ?? fd
    if (t === t.leader ? sockets.get(id)?.tid !== t.tid : !sockets.has(id)) sockets.set(id, socket)
  }

  *all(): Iterable<Socket> {
    for (const sockets of this.byProcess.values()) yield* sockets.values()
  }
}

function localSides(v: Values<typeof FIELDS>): Sides {
  return { proto: 'unix', server: v.name || '*', client: undefined }
}

/** undefined for a socket without an address */
function internetSides(v: Values<typeof FIELDS>, fd: Fd): Sides | undefined {
  if (fd.localIp === undefined && fd.remoteIp === undefined) return undefined
  const server = join(v.serverIp ?? fd.localIp, v.serverPort ?? fd.localPort)
  const client = join(v.clientIp ?? fd.remoteIp, v.clientPort ?? fd.remotePort)
  return { proto: v.proto, server, client }
}

function cellsOf({ proto, server, client, state, peer, tid, pid, program }: Socket, withPeer: boolean): string[] {
  return [
    proto ?? '<NA>',
    server ?? '',
    client ?? (proto === 'unix' ? '' : '0.0.0.0:*'),
    state,
    ...(withPeer ? [peer ?? ''] : []),
    `${tid}/${pid}/${program ?? '<NA>'}`,
  ]
}

const COLUMNS = [
  ['Proto', 6],
  ['Server Address', 25],
  ['Client Address', 25],
  ['State', 15],
  ['TID/PID/Program Name', 0],
] as const

const WITH_PEERS = [...COLUMNS.slice(0, -1), ['Peer', 20], ...COLUMNS.slice(-1)] as const

/** Names of the kernel's TCP states, from 1. */
const STATES =
  'ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING'.split(' ')

function join(ip: string | undefined, port: number | undefined): string | undefined {
  return ip === undefined ? undefined : `${ip}:${port ?? '*'}`
}

/** A socket with a peer is established unless the kernel recorded another state; one without is listening. */
function stateOf(fd: Fd): string {
  const paired = fd.type === 'unix' ? fd.connected : fd.remoteIp !== undefined
  const recorded = fd.tcpState === undefined ? undefined : STATES[fd.tcpState - 1]
  if (paired) return recorded === undefined || fd.tcpState === LISTENS ? 'ESTABLISHED' : recorded
  return fd.type === 'unix' && recorded !== 'LISTEN' ? '' : 'LISTEN'
}

const LISTENS = 10
