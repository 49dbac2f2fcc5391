// dnslog: queries and responses over UDP, TCP and varlink; truncated, repeated, unanswered messages, and data that are not DNS.
import dns, { type Answer } from 'dns-packet'
import { expect, test } from 'vitest'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread } from '../state/world.js'

const S = 1e9
const socket = (num: number, proto: number, server = false) => ({
  num,
  type: 'ipv4' as const,
  name: '',
  proto,
  sockType: proto === 6 ? 1 : 2,
  localIp: '127.0.0.1',
  localPort: server ? 53 : 40000 + num,
  remoteIp: '127.0.0.1',
  remotePort: server ? 41000 : 53,
  server,
})
const varlink = {
  num: 7,
  type: 'unix' as const,
  name: '',
  source: 'aa',
  dest: 'bb',
  path: '/run/systemd/resolve/io.systemd.Resolve',
}
const base = shell([socket(3, 17), socket(4, 6), varlink])
const snapshot = { ...base, threads: [...base.threads, thread(200, { comm: 'dnsd', fds: [socket(3, 17, true)] })] }

const io = (type: string, fd: number, data: Uint8Array, time: number, more: Partial<RowSpec> = {}): RowSpec => ({
  type,
  time,
  ret: data.length,
  params: { fd, size: data.length, data },
  ...more,
})
const question = (name: string, type: 'A' | 'AAAA', id = 7) =>
  dns.encode({ type: 'query', id, flags: 0x100, questions: [{ type, name }] })
const reply = (name: string, type: 'A' | 'AAAA', answers: Answer[], code = 0, id = 7) =>
  dns.encode({ type: 'response', id, flags: 0x8180 | code, questions: [{ type, name }], answers })
const a = (name: string, data: string): Answer => ({ type: 'A', name, data, ttl: 60 })
const shown = async (rows: RowSpec[]) =>
  (await overRows('dnslog', rows, { snapshot })).lines.slice(1).map((l) => l.slice(9).replace(/ +/g, ' '))

test('a client and a server each show a query once, with the time until the response', async () => {
  const q = question('a.test', 'A')
  const r = reply('a.test', 'A', [{ type: 'CNAME', name: 'a.test', data: 'b.test' }, a('b.test', '192.0.2.1')])
  const rows = [
    io('sendto', 3, q, S),
    io('recvfrom', 3, q, 1.1 * S, { tid: 200 }),
    io('sendto', 3, r, 1.3 * S, { tid: 200 }),
    io('recvfrom', 3, r, 1.5 * S),
  ]
  expect(await shown(rows)).toEqual([
    '< 200 dnsd A NOERROR 200ms a.test -> CNAME b.test, 192.0.2.1',
    '> 100 sh A NOERROR 500ms a.test -> CNAME b.test, 192.0.2.1',
  ])
  const seen = await overRows('dnslog', rows, { snapshot })
  expect(seen.values[1]).toMatchObject({
    direction: '>',
    server: '127.0.0.1:53',
    proto: 'udp',
    id: 7,
    latency: 0.5 * S,
    answers: [{ type: 'CNAME' }, { name: 'b.test', type: 'A', ttl: 60, data: '192.0.2.1' }],
    more: 0,
  })
})

test('both queries of one sendmmsg are shown, as the C library sends them', async () => {
  const both = Buffer.concat([question('a.test', 'A', 1), question('a.test', 'AAAA', 2)])
  const rows = [
    { type: 'sendmmsg', time: S, ret: 2, params: { fd: 3, size: both.length, data: both } },
    io('recvfrom', 3, reply('a.test', 'AAAA', [], 0, 2), 1.1 * S),
    io('recvfrom', 3, reply('a.test', 'A', [a('a.test', '192.0.2.1')], 0, 1), 1.2 * S),
  ]
  expect(await shown(rows)).toEqual([
    '> 100 sh AAAA NOERROR 100ms a.test',
    '> 100 sh A NOERROR 200ms a.test -> 192.0.2.1',
  ])
})

test('over TCP, messages may be in pieces, and part of a piece may be missing', async () => {
  const framed = (m: Buffer) => Buffer.concat([Buffer.from([m.length >> 8, m.length & 255]), m])
  const long = framed(
    reply(
      'a.test',
      'A',
      Array.from({ length: 20 }, (_, i) => a('a.test', `192.0.2.${i}`)),
    ),
  )
  const q = framed(question('a.test', 'A'))
  const rows = [
    io('write', 4, q.subarray(0, 2), S),
    io('write', 4, q.subarray(2), S),
    io('read', 4, long.subarray(0, 2), 1.1 * S),
    // the capture contains 100 bytes of the rest
    { ...io('read', 4, long.subarray(2, 102), 1.2 * S), ret: long.length - 2 },
    io('write', 4, framed(question('b.test', 'A', 8)), 2 * S),
    io('read', 4, framed(reply('b.test', 'A', [], 3, 8)), 2.1 * S),
  ]
  const [first, second] = await shown(rows)
  expect(first).toMatch(/^> 100 sh A NOERROR 200ms a\.test -> 192\.0\.2\.0, .*\[\+\d+\]$/)
  expect(second).toBe('> 100 sh A NXDOMAIN 100ms b.test')
})

test('a response that is peeked at before it is read counts once', async () => {
  const r = reply('a.test', 'A', [])
  const peek = { ...io('recvfrom', 3, r, 2 * S), params: { fd: 3, size: r.length, data: r, flags: 2 } }
  expect(await shown([io('sendto', 3, question('a.test', 'A'), S), peek, io('recvfrom', 3, r, 3 * S)])).toEqual([
    '> 100 sh A NOERROR 2.00s a.test',
  ])
})

test('repeated queries, responses to queries from before the capture, and unanswered queries are shown', async () => {
  const q = question('a.test', 'A')
  const rows = [
    io('recvfrom', 3, reply('old.test', 'A', []), S),
    io('sendto', 3, q, 2 * S),
    io('sendto', 3, q, 7 * S),
    { type: 'getppid', time: 20 * S },
    io('sendto', 3, question('last.test', 'A'), 21 * S),
  ]
  expect(await shown(rows)).toEqual([
    '> 100 sh A NOERROR ? old.test',
    '> 100 sh A - - a.test (no answer) (asked 2 times)',
    '> 100 sh A - - last.test (no answer)',
  ])
})

test('control characters in names are escaped; data that are not DNS are counted', async () => {
  const seen = await overRows(
    'dnslog',
    [
      io('sendto', 3, question('x\u001b[31m.test', 'A'), S),
      io('sendto', 3, Buffer.from('no dns'), S),
      io('sendto', 3, question('a', 'A').subarray(0, 13), S),
    ],
    { snapshot },
  )
  expect(seen.lines[1]).toContain('x\\x1b[31m.test')
  expect(seen.messages).toEqual(['2 messages were no DNS, or cut before the question ended'])
})

test('requests to systemd-resolved over its socket are shown', async () => {
  const say = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\0`)
  const ask = (parameters: object, method = 'ResolveHostname') =>
    say({ method: `io.systemd.Resolve.${method}`, parameters })
  const rows = [
    io('sendto', 7, ask({ name: 'a.test', family: 2 }), S),
    io(
      'recvfrom',
      7,
      say({ parameters: { addresses: [{ ifindex: 2, family: 2, address: [192, 0, 2, 1] }], name: 'a.test' } }),
      1.1 * S,
    ),
    io('sendto', 7, ask({ name: 'no.test' }), 2 * S),
    io('recvfrom', 7, say({ error: 'io.systemd.Resolve.DNSError', parameters: { rcode: 3 } }), 2.1 * S),
    io('sendto', 7, ask({ family: 2, address: [192, 0, 2, 1] }, 'ResolveAddress'), 3 * S),
    io('recvfrom', 7, say({ parameters: { names: [{ name: 'a.test' }] } }), 3.1 * S),
    io('sendto', 7, Buffer.from('{"method":'), 4 * S),
  ]
  expect(await shown(rows)).toEqual([
    '> 100 sh A NOERROR 100ms a.test -> 192.0.2.1',
    '> 100 sh A+AAAA NXDOMAIN 100ms no.test',
    '> 100 sh PTR NOERROR 100ms 192.0.2.1 -> a.test',
  ])
})
