// Sockets as netstat shows them.
import { columnLines, defineChisel, type Fd } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the connections and the sockets that wait for some, as netstat does.',
  details:
    'Live, those of the moment; with -r, those at the first event of the file, or at the first that passes a filter before ' +
    "-c: ksys -r FILE 'evt.num>=1000' -c netstat. With unix=yes local sockets are shown too. A socket is listed for each " +
    'thread that has it; thread.ismain=true as the argument lists it once for each process. With -pc, who is at the other end is shown where it is on this machine.',
  category: 'System State',
  args: {
    filter: { type: 'filter', doc: 'shows only sockets that pass, such as fd.sport=80', optional: true },
    unix: { type: 'string', doc: 'shows local sockets too', choices: ['yes', 'no'], optional: true, default: 'no' },
  },
  fields: {
    comm: 'proc.name',
    proto: 'fd.l4proto',
    name: 'fd.name',
    serverIp: 'fd.sip',
    serverPort: 'fd.sport',
    clientIp: 'fd.cip',
    clientPort: 'fd.cport',
    peer: 'fd.peer.name',
  },
  hooks: (c) => ({
    snapshot() {
      const kinds = c.args.unix === 'yes' ? 'fd.type in (ipv4, ipv6, unix)' : 'fd.type in (ipv4, ipv6)'
      const filter = c.args.filter === undefined ? kinds : `(${kinds}) and (${c.args.filter})`
      const rows: string[][] = []
      c.descriptors(filter, (v, fd, t) => {
        const local = fd.type === 'unix'
        if (!local && fd.localIp === undefined && fd.remoteIp === undefined) return
        const server = local ? v.name || '*' : join(v.serverIp ?? fd.localIp, v.serverPort ?? fd.localPort)
        const client = local ? undefined : join(v.clientIp ?? fd.remoteIp, v.clientPort ?? fd.remotePort)
        const proto = local ? 'unix' : v.proto
        const state = stateOf(fd)
        if (c.json) c.emit({ proto, server, client, state, peer: v.peer, tid: t.tid, pid: t.pid, program: v.comm })
        else
          rows.push([
            proto ?? '<NA>',
            server ?? '',
            client ?? (local ? '' : '0.0.0.0:*'),
            state,
            ...(c.containers ? [v.peer ?? ''] : []),
            `${t.tid}/${t.pid}/${v.comm ?? '<NA>'}`,
          ])
      })
      if (!c.json) for (const line of columnLines(c.containers ? WITH_PEERS : COLUMNS, rows, c.columns)) c.print(line)
    },
  }),
})

const COLUMNS = [
  ['Proto', 6],
  ['Server Address', 25],
  ['Client Address', 25],
  ['State', 15],
  ['TID/PID/Program Name', 0],
] as const

const WITH_PEERS = [...COLUMNS.slice(0, -1), ['Peer', 20], ...COLUMNS.slice(-1)] as const

/** States as the kernel numbers them, from 1. */
const STATES =
  'ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING'.split(' ')

function join(ip: string | undefined, port: number | undefined): string | undefined {
  return ip === undefined ? undefined : `${ip}:${port ?? '*'}`
}

/** A socket with a partner is established unless the kernel said otherwise; one without waits for some. */
function stateOf(fd: Fd): string {
  const paired = fd.type === 'unix' ? fd.connected : fd.remoteIp !== undefined
  const told = fd.tcpState === undefined ? undefined : STATES[fd.tcpState - 1]
  if (paired) return told === undefined || fd.tcpState === LISTENS ? 'ESTABLISHED' : told
  return fd.type === 'unix' && told !== 'LISTEN' ? '' : 'LISTEN'
}

const LISTENS = 10
