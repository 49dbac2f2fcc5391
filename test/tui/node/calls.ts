// Two seconds of activity on that node: the shop serves pages, names are looked up, a database reads and writes, calls
// fail, messages go to the system log, and some calls have not ended when the capture does.
import packet from 'dns-packet'
import { ROW } from '../../../src/model/batch.js'
import { CODE } from '../../../src/schema/codes.js'
import type { RowSpec } from '../../helpers/rows.js'
import { inetTuple } from '../../unit/state/world.js'
import { pidOf } from './processes.js'

const MS = 1e6
const EAGAIN = -11
const EACCES = -13
const ENOENT = -2
const ECONNREFUSED = -111
const NXDOMAIN = 3
/** calls here that create descriptors, give them ends or close them */
const KEEPS_STATE: ReadonlySet<string> = new Set(['accept4', 'openat', 'connect', 'close'])

type Params = RowSpec['params'] & object

/** A call of a thread that ends at the given ms, after the given µs. */
function call(ms: number, tid: number, type: string, us: number, ret: number, params: Params): RowSpec {
  const flags = KEEPS_STATE.has(type) ? ROW.STATE : 0
  return { type, tid, pid: pidOf(tid), time: ms * MS, latency: us * 1000, ret, flags, params }
}

type Moving = 'read' | 'write' | 'sendto' | 'recvfrom'
const moves = (ms: number, tid: number, type: Moving, us: number, fd: number, data: string | Uint8Array): RowSpec =>
  call(ms, tid, type, us, data.length, { fd, size: data.length, data })

/** An internal event of the kernel side. */
const own = (type: number, ms: number, tid: number, params: Params): RowSpec => ({
  ...{ type, tid, pid: pidOf(tid), time: ms * MS, flags: ROW.HIDDEN | ROW.STATE, params },
})

/** ms on a CPU that a thread has had at the given ms. */
function ran(ms: number, tid: number, used: number, kernelPart = 0.25): RowSpec {
  const ns = used * MS
  const memory = { pgft_maj: 0, pgft_min: 0, vm_size: 0, vm_rss: 0, vm_swap: 0 }
  return own(CODE.ks_times, ms, tid, { ran: ns, user: ns * (1 - kernelPart), system: ns * kernelPart, ...memory })
}

/** the stack in which the database reads a table */
const SCAN = 1
const SCANS = 'main;PostmasterMain;BackendMain;exec_simple_query;PortalRun;ExecSeqScan;mdreadv;FileReadV;pread'

const WEB = 2107
const UV = 2111
const DB = 2200
const DNS = 2304
const SERVES = 20

/** The shop serves a client: a query for each page, except missing ones. */
function page(ms: number, port: number, path: string, status: string, took: number): RowSpec[] {
  const body = status.startsWith('200') ? '<html>'.padEnd(600, '.') : '{"error":"no such page"}'
  const head = `GET ${path} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: curl/8.14.1\r\nAccept: */*\r\n\r\n`
  const answer = `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const tuple = inetTuple('10.244.0.1', port, '10.244.0.11', 8080)
  const end = ms + took
  const asks = "SELECT id, name, price FROM products WHERE shelf = 'a'"
  return [
    call(ms - 0.4, WEB, 'epoll_wait', 38_000, 1, { maxevents: 1024, timeout: -1, epfd: 3 }),
    call(ms - 0.3, WEB, 'accept4', 9, SERVES, { tuple, queuepct: 3, queuelen: 4, queuemax: 128, flags: 0x80800 }),
    moves(ms, WEB, 'read', 12, SERVES, head),
    ...(status.startsWith('200')
      ? [
          moves(ms + 0.5, WEB, 'write', 18, 14, asks),
          moves(ms + 0.7, DB, 'recvfrom', 36_000, 9, asks),
          {
            ...call(ms + took / 2, DB, 'pread', took * 400, 8192, { fd: 20, size: 8192, pos: 65_536 }),
            stack: SCAN,
          },
          moves(end - 0.6, DB, 'sendto', 25, 9, 'T'.padEnd(420, '.')),
          moves(end - 0.4, WEB, 'read', 15, 14, 'T'.padEnd(420, '.')),
        ]
      : [call(ms + 0.2, UV, 'openat', 21, ENOENT, { dirfd: -100, name: `/app/public${path}`, flags: 1 })]),
    moves(end, WEB, 'write', 30, SERVES, answer),
    call(end + 0.1, WEB, 'close', 5, 0, { fd: SERVES }),
  ]
}

/** The shop looks up a name; the server queries another one for unknown names. */
function lookUp(ms: number, id: number, name: string, took: number, address?: string, elsewhere = false): RowSpec[] {
  const questions = [{ type: 'A' as const, name }]
  const query = packet.encode({ type: 'query', id, questions })
  const answers = address === undefined ? [] : [{ type: 'A' as const, name, data: address, ttl: 30 }]
  const flags = address === undefined ? NXDOMAIN : 0
  const answered = packet.encode({ type: 'response', id, questions, answers, flags })
  const end = ms + took
  return [
    moves(ms, WEB, 'sendto', 22, 12, query),
    moves(ms + 0.1, DNS, 'recvfrom', 40_000, 7, query),
    ...(elsewhere
      ? [moves(ms + 0.2, DNS, 'sendto', 19, 11, query), moves(end - 0.2, DNS, 'recvfrom', 9000, 11, answered)]
      : []),
    moves(end - 0.1, DNS, 'sendto', 24, 7, answered),
    moves(end, WEB, 'recvfrom', took * 900, 12, answered),
  ]
}

const logs = (ms: number, tid: number, fd: number, text: string): RowSpec => moves(ms, tid, 'sendto', 35, fd, text)

/** A call that has run for this long when the capture ends, by its number on x86-64; `undefined`: since before the start. */
function runsStill(tid: number, nr: number, ms: number | undefined, args: readonly number[]): RowSpec {
  const registers = Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`arg${i}`, args[i] ?? 0]))
  const row = own(CODE.ks_inflight, 2000, tid, { nr, slept: 3_700_000 * MS, ...registers })
  return ms === undefined ? row : { ...row, latency: ms * MS }
}

const refused = inetTuple('10.0.0.1', 45_010, '10.96.0.1', 443)

const rows: readonly RowSpec[] = [
  ...[WEB, UV, DB, DNS, 2600, 410].map((tid) => ran(1, tid, 0)),
  own(CODE.ks_stack, 1, DB, { stack: SCAN, frames: new Uint8Array(0), text: SCANS }),
  ...lookUp(60, 1, 'db.shop.svc.cluster.local', 0.4, '10.244.0.12'),
  ...page(100, 41_022, '/', '200 OK', 8),
  ...page(300, 41_024, '/shelves/a', '200 OK', 12),
  ...page(420, 41_026, '/old/page', '404 Not Found', 1),
  ...lookUp(500, 2, 'api.example.com', 23, '203.0.113.7', true),
  ...lookUp(600, 3, 'typo.shop.svc.cluster.local', 0.5),
  call(700, DB, 'fdatasync', 12_500, 0, { fd: 21 }),
  logs(710, DB, 5, '<131>postgres[12]: FATAL: password authentication failed for user "shop"'),
  logs(800, 455, 5, '<78>CRON[3120]: (root) CMD (run-parts /etc/cron.hourly)'),
  logs(820, 960, 6, '<86>sshd[960]: Accepted publickey for alice from 192.0.2.10 port 50022'),
  ...page(900, 41_030, '/shelves/b', '200 OK', 640),
  call(1600, DB, 'openat', 14, EACCES, { dirfd: -100, name: '/etc/ssl/private/server.key', flags: 1 }),
  call(1610, 2500, 'read', 4, EAGAIN, { fd: 8, size: 16_384 }),
  call(1620, 2400, 'connect', 90, ECONNREFUSED, { fd: 6, tuple: refused }),
  moves(1650, 2600, 'read', 4200, 3, 'id,name,price\n1,apple,0.40\n'),
  moves(1660, 2600, 'write', 60, 4, 'z'.repeat(900)),
  moves(1700, 2500, 'read', 7, 8, '*2\r\n$3\r\nGET\r\n$6\r\nbasket\r\n'),
  moves(1701, 2500, 'write', 11, 8, '$-1\r\n'),
  ran(1900, WEB, 310),
  ran(1901, UV, 25),
  ran(1902, DB, 120, 0.6),
  ran(1903, DNS, 8),
  ran(1904, 2600, 1350, 0.1),
  ran(1905, 410, 15),
  runsStill(WEB, 232, 340, [3, 0, 1024, -1 >>> 0]),
  runsStill(UV, 202, 1090, [0x7f00_1000, 128, 0]),
  runsStill(DB, 0, 440, [9, 0, 8192]),
  runsStill(2500, 232, 299, [5, 0, 1024, 100]),
  runsStill(2400, 232, undefined, [3, 0, 128, -1 >>> 0]),
  runsStill(980, 0, undefined, [0, 0, 1024]),
]

/** In the order in which they end; calls in flight from the kernel side are last. */
export const CALLS: readonly RowSpec[] = [...rows].sort((a, b) => (a.time ?? 0) - (b.time ?? 0))
