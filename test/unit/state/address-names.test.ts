// fd.dns.name and its kin: the name by which a process, or its container, got the address of a connection.
import { writeFileSync } from 'node:fs'
import packet from 'dns-packet'
import { expect, test } from 'vitest'
import { parquetExport } from '../../../src/export/parquet/parquet.js'
import { registry } from '../../../src/fields/index.js'
import { missingNames } from '../../../src/fields/name-lookups.js'
import { unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import { duckdb, sqlText } from '../../helpers/duckdb.js'
import type { RowSpec } from '../../helpers/rows.js'
import { scratch } from '../../helpers/trace.js'
import { context } from '../fields/evaluate.js'
import { inetTuple, info, shell, thread, World } from './world.js'

const id = 'a'.repeat(64)
const inside = { cgroups: [`cpu=/docker/${id}`], fds: [] }

/** On the host the shell (100) and another process (150); in a container three processes (200, 300, 400). */
function world(): World {
  const s = shell([])
  const threads = [
    ...s.threads,
    thread(150, { fds: [] }),
    thread(200, inside),
    thread(300, inside),
    thread(400, inside),
  ]
  return new World({ ...s, threads, containers: [containerJson({ ...unnamed(id, 'docker'), name: 'web' })] })
}

const dnsSocket = (tid: number, fd = 3, type = 2): RowSpec[] => [
  { tid, type: 'socket', ret: fd, params: { domain: 2, type, proto: 0 } },
  { tid, type: 'connect', params: { fd, tuple: inetTuple('10.0.0.5', 40_000 + tid, '10.0.0.9', 53) } },
]

const question = (name: string, id: number, type: 'A' | 'AAAA' = 'A') =>
  packet.encode({ type: 'query', id, questions: [{ type, name }] })
const address = (name: string, ip: string) => ({ type: ip.includes(':') ? 'AAAA' : 'A', name, data: ip }) as const
type Answers = NonNullable<Parameters<typeof packet.encode>[0]['answers']>
const answer = (name: string, id: number, answers: Answers, type: 'A' | 'AAAA' = 'A') =>
  packet.encode({ type: 'response', id, questions: [{ type, name }], answers })

const moves = (type: string, tid: number, data: Uint8Array, fd = 3, ret = data.length): RowSpec => ({
  tid,
  type,
  ret,
  params: { fd, data },
})

/** A question and its answer over UDP. */
function lookup(tid: number, name: string, ips: readonly string[], id = tid): RowSpec[] {
  const answers = ips.map((ip) => address(name, ip))
  return [moves('sendto', tid, question(name, id)), moves('recvfrom', tid, answer(name, id, answers))]
}

/** Connects a socket with number 7 to the address, and sends something. */
function connection(tid: number, ip: string, fd = 7): RowSpec[] {
  return [
    { tid, type: 'socket', ret: fd, params: { domain: 2, type: 1, proto: 0 } },
    {
      tid,
      type: 'connect',
      params: { fd, tuple: inetTuple(ip.includes(':') ? 'fd00::5' : '10.0.0.5', 50_000, ip, 443) },
    },
    moves('write', tid, new Uint8Array(5), fd),
  ]
}

/** The values of a field after each of the rows. */
function names(w: World, rows: readonly RowSpec[], field = 'fd.dns.name'): unknown[] {
  const get = registry.find(field).def.make({ ...context(), info, states: [w.state] }, undefined)
  const seen: unknown[] = []
  w.play(rows, (e) => seen.push(get(e)))
  return seen
}

test('the events of a connection have the name that the process asked for', () => {
  const rows = [
    ...dnsSocket(100),
    ...lookup(100, 'WWW.example.org', ['192.0.2.1', '192.0.2.2']),
    ...connection(100, '192.0.2.2'),
  ]
  expect(names(world(), rows).slice(-3)).toEqual([undefined, 'www.example.org', 'www.example.org'])
  expect(names(world(), rows, 'fd.sdns.name').slice(-1)).toEqual(['www.example.org'])
  expect(names(world(), rows, 'fd.cdns.name').slice(-1)).toEqual([undefined])
})

test('aliases lead to the name that was asked for; records of other names count for nothing', () => {
  const answers: Answers = [
    { type: 'A', name: 'edge.cdn.test', data: '192.0.2.3' },
    { type: 'CNAME', name: 'www.test', data: 'lb.cdn.test' },
    { type: 'CNAME', name: 'lb.cdn.test', data: 'edge.cdn.test' },
    { type: 'A', name: 'evil.test', data: '192.0.2.4' },
  ]
  const asked = [
    ...dnsSocket(100),
    moves('sendto', 100, question('www.test', 1)),
    moves('recvfrom', 100, answer('www.test', 1, answers)),
  ]
  expect(names(world(), [...asked, ...connection(100, '192.0.2.3')]).at(-1)).toBe('www.test')
  expect(names(world(), [...asked, ...connection(100, '192.0.2.4')]).at(-1)).toBeUndefined()
})

test('an answer without a question of the process names nothing', () => {
  const forged = moves('recvfrom', 100, answer('bank.test', 7, [address('bank.test', '192.0.2.5')]))
  expect(names(world(), [...dnsSocket(100), forged, ...connection(100, '192.0.2.5')]).at(-1)).toBeUndefined()
})

test('of two names for one address, the process has the one that it asked for last', () => {
  const rows = [
    ...dnsSocket(100),
    ...dnsSocket(150),
    ...lookup(100, 'mine.test', ['192.0.2.6'], 1),
    ...lookup(100, 'later.test', ['192.0.2.6'], 2),
    ...lookup(150, 'theirs.test', ['192.0.2.6'], 3),
    ...connection(100, '192.0.2.6'),
  ]
  expect(names(world(), rows).at(-1)).toBe('later.test')
})

test('without a question of its own, a process has the name that its container asked for last', () => {
  const asked = [...dnsSocket(200), ...lookup(200, 'db.test', ['192.0.2.7'])]
  expect(names(world(), [...asked, ...connection(300, '192.0.2.7')]).at(-1)).toBe('db.test')
  expect(names(world(), [...asked, ...connection(100, '192.0.2.7')]).at(-1)).toBeUndefined()
})

test('a container has the name of the client of a resolver in it, not the alias that the resolver asked for', () => {
  const w = world()
  const rows = [
    ...dnsSocket(200),
    ...dnsSocket(300),
    moves('sendto', 200, question('asked.test', 1)),
    ...lookup(300, 'asked.test', ['192.0.2.20'], 2),
    ...lookup(300, 'alias.test', ['192.0.2.20'], 3),
    moves('recvfrom', 200, answer('asked.test', 1, [address('asked.test', '192.0.2.20')])),
  ]
  names(w, rows)
  expect(names(w, connection(400, '192.0.2.20')).at(-1)).toBe('asked.test')
  expect(names(w, connection(300, '192.0.2.20')).at(-1)).toBe('alias.test')
})

test('a container of which at first only the short id was known has the same names afterwards', () => {
  const { threads, ...rest } = shell([])
  const inContainer = [200, 300].map((tid) => thread(tid, inside))
  const short = containerJson({ ...unnamed(id, 'docker'), fullId: '', name: 'web' })
  const w = new World({ ...rest, threads: [...threads, ...inContainer], containers: [short] })
  names(w, [...dnsSocket(200), ...lookup(200, 'db.test', ['192.0.2.7'])])
  w.state.load({ ...w.state.snapshot(), containers: [] })
  expect(names(w, connection(300, '192.0.2.7')).at(-1)).toBe('db.test')
})

test('a connection keeps its name when the same address is looked up by another one', () => {
  const w = world()
  const rows = [...dnsSocket(100), ...lookup(100, 'first.test', ['192.0.2.8'], 1), ...connection(100, '192.0.2.8')]
  expect(names(w, rows).at(-1)).toBe('first.test')
  const later = [...lookup(100, 'second.test', ['192.0.2.8'], 2), moves('write', 100, new Uint8Array(5), 7)]
  expect(names(w, later).at(-1)).toBe('first.test')
  expect(names(w, connection(100, '192.0.2.8', 8)).at(-1)).toBe('second.test')
})

test('IPv4 and IPv6 questions that one call sends, and their answers in one call', () => {
  const sent = Buffer.concat([question('six.test', 1), question('six.test', 2, 'AAAA')])
  const received = Buffer.concat([
    answer('six.test', 2, [address('six.test', '2001:db8:0:0:1::0')], 'AAAA'),
    answer('six.test', 1, [address('six.test', '192.0.2.9')]),
  ])
  const rows = [
    ...dnsSocket(100),
    moves('sendmmsg', 100, sent),
    moves('recvmmsg', 100, received),
    ...connection(100, '2001:db8::1:0:0:0'),
    ...connection(100, '192.0.2.9', 8),
  ]
  const seen = names(world(), rows)
  expect([seen.at(-4), seen.at(-1)]).toEqual(['six.test', 'six.test'])
})

test('an answer over TCP that several reads take', () => {
  const framed = (m: Buffer) => Buffer.concat([Buffer.from([m.length >> 8, m.length & 255]), m])
  const whole = framed(answer('tcp.test', 4, [address('tcp.test', '192.0.2.10')]))
  const rows = [
    ...dnsSocket(100, 3, 1),
    moves('write', 100, framed(question('tcp.test', 4))),
    ...[whole.subarray(0, 2), whole.subarray(2, 20), whole.subarray(20)].map((part) => moves('read', 100, part)),
    ...connection(100, '192.0.2.10'),
  ]
  expect(names(world(), rows).at(-1)).toBe('tcp.test')
})

test('systemd-resolved over its socket, with a reply that two reads take', () => {
  const s = shell([{ num: 3, type: 'unix', name: '', path: '/run/systemd/resolve/io.systemd.Resolve' }])
  const json = (value: object) => Buffer.from(`${JSON.stringify(value)}\0`)
  const asks = json({ method: 'io.systemd.Resolve.ResolveHostname', parameters: { name: 'res.test' } })
  const reply = json({
    parameters: { addresses: [{ ifindex: 2, family: 2, address: [192, 0, 2, 11] }], name: 'x.test' },
  })
  const rows = [
    moves('sendto', 100, asks),
    moves('recvfrom', 100, reply.subarray(0, 30)),
    moves('recvfrom', 100, reply.subarray(30)),
    ...connection(100, '192.0.2.11'),
  ]
  expect(names(new World(s), rows).at(-1)).toBe('res.test')
})

test('data that was recorded too short is reported, and only then', () => {
  const w = world()
  const whole = answer('cut.test', 1, [address('cut.test', '192.0.2.12')])
  names(w, [...dnsSocket(100), ...lookup(100, 'whole.test', ['192.0.2.13'])])
  expect(missingNames([w.state])).toBeUndefined()
  names(w, [
    moves('sendto', 100, question('cut.test', 1)),
    moves('recvfrom', 100, whole.subarray(0, 30), 3, whole.length),
  ])
  expect(missingNames([w.state])).toContain('1 call that received a DNS answer')
  expect(missingNames([world().state])).toBeUndefined()
})

test('one process that asks for many names does not displace those of others', () => {
  const w = world()
  names(w, [...dnsSocket(150), ...lookup(150, 'kept.test', ['192.0.2.14'])])
  const many = Array.from({ length: 2500 }, (_, i) => [`n${i}.test`, `10.${i >> 8}.${i & 255}.1`] as const)
  names(w, [...dnsSocket(100), ...many.flatMap(([name, ip], i) => lookup(100, name, [ip], i))])
  expect(names(w, connection(150, '192.0.2.14')).at(-1)).toBe('kept.test')
  expect(names(w, connection(100, '10.9.195.1')).at(-1)).toBe('n2499.test')
  expect(names(w, connection(100, '10.0.0.1', 8)).at(-1)).toBe('n0.test')
})

const sql = duckdb()
const path = scratch()

test('a Parquet file has them in each row, also after a later answer, and if another process uses the socket', async () => {
  const s = shell([])
  const fds = [{ num: 7, type: 'ipv4', name: '', sockType: 1, remoteIp: '192.0.2.1', remotePort: 443 }] as const
  const older = () => new World({ ...s, threads: [...s.threads, thread(150, { fds: [...fds] })] })
  const sends = (tid: number) => moves('write', tid, new Uint8Array(5), 7)
  const fork: RowSpec = { tid: 150, type: 'clone', ret: 151, params: { exe: 'x', pid: 150, vtid: 150, vpid: 150 } }
  const rows = [
    ...dnsSocket(150),
    ...[sends(150), ...lookup(150, 'a.test', ['192.0.2.1']), sends(150), sends(150)],
    ...[...lookup(150, 'b.test', ['192.0.2.1']), sends(150), fork, sends(151), sends(150)],
    ...[
      ...dnsSocket(151, 9),
      ...lookup(151, 'c.test', ['192.0.2.1']).map((r) => ({ ...r, params: { ...r.params, fd: 9 } })),
    ],
    ...[sends(151), sends(150), sends(151)],
  ]
  const fields = ['fd.dns.name', 'fd.sdns.name', 'fd.cdns.name']
  const wanted = fields.map((field) => names(older(), rows, field))
  const w = older()
  const made = parquetExport({ line: '', program: 'ksys' })
  made.start({ ...context(), info, states: [w.state] })
  w.play(rows, (e) => made.show(e))
  made.end()
  made.finish?.()
  writeFileSync(path('names.parquet'), made.out.view())
  const found = await sql(`select fd_dns_name, fd_sdns_name, fd_cdns_name from ${sqlText(path('names.parquet'))}`)
  expect(new Set(wanted[0])).toEqual(new Set([undefined, 'a.test', 'b.test', 'c.test']))
  for (const [i, field] of fields.entries())
    expect(found.map((row) => row[field.replaceAll('.', '_')] ?? undefined)).toEqual(wanted[i])
})
