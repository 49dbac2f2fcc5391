// The views of HTTP: requests, with the same numbers as the chisels about HTTP have for the same calls; and the messages.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { compileFilter } from '../../../src/filter/index.js'
import { filterOf } from '../../../src/views/define.js'
import http from '../../../src/views/http.js'
import messages from '../../../src/views/http-messages.js'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context } from '../fields/evaluate.js'
import { info, shell, World } from '../state/world.js'
import { rowsOf } from './rows-of.js'

const client = { localIp: '10.0.0.5', localPort: 40_000, remoteIp: '10.0.0.9', remotePort: 80, server: false }
const server = { localIp: '10.0.0.5', localPort: 8080, remoteIp: '10.0.0.7', remotePort: 40_001, server: true }
const tcp = { type: 'ipv4' as const, name: '', sockType: 1, proto: 6 }
const snapshot = shell([
  { num: 3, ...tcp, ...client },
  { num: 4, ...tcp, ...server },
  { num: 5, ...tcp, ...client, localPort: 40_002 },
  { num: 6, type: 'unix', name: '', source: 'aa', dest: 'bb', path: '/run/api.sock' },
  { num: 7, type: 'file', name: '/tmp/x' },
])
const world = () => new World(snapshot)

/** The ms at which a text is sent, or received, on a descriptor; `unseen` bytes follow that were not captured. */
function piece(ms: number, out: boolean, fd: number, text: string, unseen = 0): RowSpec {
  const data = Buffer.from(text, 'latin1')
  const params = { fd, data, size: data.length + unseen }
  return { type: out ? 'sendto' : 'recvfrom', time: 1e9 + ms * 1e6, ret: data.length + unseen, params }
}
const sent = (ms: number, fd: number, text: string, unseen?: number) => piece(ms, true, fd, text, unseen)
const received = (ms: number, fd: number, text: string, unseen?: number) => piece(ms, false, fd, text, unseen)

const HOST = 'Host: a.test\r\n\r\n'
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n'
const traffic: RowSpec[] = [
  // a client: the body in chunks and pieces, then an error on the same connection, whose query differs
  sent(0, 3, `GET /x HTTP/1.1\r\n${HOST}`),
  received(4, 3, `HTTP/1.1 200 OK\r\n${CHUNKED}5\r\nhello\r\n`),
  received(6, 3, '3\r\nyou\r\n0\r\n\r\n'),
  sent(10, 3, `GET /x?key=1 HTTP/1.1\r\n${HOST}`),
  received(18, 3, 'HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone'),
  // a server: the head in two pieces, a body with a length, and one from sendfile
  received(20, 4, 'POST /up HTTP/1.1\r\nHost: b.test\r\n'),
  received(21, 4, 'Content-Length: 6\r\nExpect: 100-continue\r\n\r\n'),
  sent(22, 4, 'HTTP/1.1 100 Continue\r\n\r\n'),
  received(23, 4, 'abc'),
  received(24, 4, 'def'),
  sent(26, 4, 'HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\n'),
  { type: 'sendfile', time: 1.027e9, ret: 100, params: { out_fd: 4, in_fd: 7, size: 100 } },
  // requests without a host, and one with a truncated head
  received(30, 4, 'GET /old HTTP/1.0\r\n\r\n'),
  sent(31, 4, 'HTTP/1.0 204 None\r\n\r\n'),
  sent(32, 6, 'GET /ps HTTP/1.0\r\n\r\n'),
  received(33, 6, 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'),
  received(34, 4, 'GET /cut HTTP/1.1\r\nX: ', 900),
  sent(36, 4, 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1'),
  // a response from before the capture; data that are not HTTP; a request without a response
  received(40, 5, 'HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'),
  sent(41, 5, '\x16\x03\x01\x00\x05\x01'),
  sent(42, 7, `GET /file HTTP/1.1\r\n${HOST}`),
  sent(50, 3, `GET /never HTTP/1.1\r\n${HOST}`),
]

test('rows are path, method, host and side with requests, errors, times, and bytes of bodies', () => {
  const rows = rowsOf(http, world(), traffic)
  const cells = rows.map((r) => [r.SIDE, r.METHOD, r.HOST, r.PATH, r.ASKED, r['4XX'], r['5XX'], r.UP, r.DOWN])
  expect(cells).toEqual([
    ['client', 'GET', 'a.test', '/x', 2, 1, 0, 0, 12],
    ['server', 'POST', 'b.test', '/up', 1, 0, 1, 6, 100],
    ['server', 'GET', '10.0.0.5:8080', '/old', 1, 0, 0, 0, 0],
    ['client', 'GET', '/run/api.sock', '/ps', 1, 0, 0, 0, 2],
    ['server', 'GET', '10.0.0.5:8080', '/cut', 1, 0, 0, 900, 1],
    ['client', 'GET', 'a.test', '/never', 1, 0, 0, 0, 0],
  ])
  expect(rows[1]).toMatchObject({ ANSWERED: 1, P50: 6e6 })
  expect(rows[5]).toMatchObject({ ANSWERED: 0, P50: undefined })
})

test('httplog and httptop have the same numbers for the same calls', async () => {
  const log = (await overRows('httplog', traffic, { snapshot })).values
  const [top] = (await overRows('httptop', traffic, { snapshot, words: ['by=bytes'] })).values
  const rows = rowsOf(http, world(), traffic)
  const sum = (title: string) => rows.reduce((n, r) => n + Number(r[title] ?? 0), 0)
  const statuses = log.map((l) => Number(l.response_code))
  expect(sum('ANSWERED')).toBe(log.length)
  expect(sum('4XX')).toBe(statuses.filter((s) => s >= 400 && s < 500).length)
  expect(sum('5XX')).toBe(statuses.filter((s) => s >= 500).length)
  const bytes = (top as { data: { bytes: number }[] }).data.reduce((n, r) => n + r.bytes, 0)
  expect(sum('DOWN')).toBe(bytes)
  for (const { PATH, P99 } of rows.filter((r) => r.PATH !== '/never')) {
    const times = log.filter((l) => String(l.url).includes(String(PATH))).map((l) => Number(l.latency))
    expect(P99, String(PATH)).toBe(Math.max(...times))
  }
})

/** Values of fields, for the events that pass the filter. */
function valuesOf(fields: readonly string[], filter: string): unknown[][] {
  const w = world()
  const ctx = { ...context(), info, states: [w.state] }
  const getters = fields.map((f) => registry.find(f).def.make(ctx, undefined))
  const { test: passes } = compileFilter(filter, registry, ctx)
  const seen: unknown[][] = []
  w.play(traffic, (e) => {
    if (passes(e)) seen.push(getters.map((get) => get(e)))
  })
  return seen
}

test('the list has each message once, at the end of its head', () => {
  const fields = ['http.kind', 'http.side', 'http.method', 'http.url', 'http.status', 'http.latency', 'http.length']
  expect(valuesOf(fields, filterOf(messages) as string).slice(0, 6)).toEqual([
    ['request', 'client', 'GET', 'a.test/x', undefined, undefined, undefined],
    ['response', 'client', 'GET', 'a.test/x', 200, 4e6, undefined],
    ['request', 'client', 'GET', 'a.test/x?key=1', undefined, undefined, undefined],
    ['response', 'client', 'GET', 'a.test/x?key=1', 404, 8e6, 4],
    ['request', 'server', 'POST', 'b.test/up', undefined, undefined, 6],
    ['response', 'server', 'POST', 'b.test/up', 503, 6e6, 100],
  ])
})

test('a filter by status also matches a response without a captured request', () => {
  expect(valuesOf(['http.status', 'http.path', 'http.latency'], 'http.status>=500')).toEqual([
    [503, '/up', 6e6],
    [500, undefined, undefined],
  ])
})
