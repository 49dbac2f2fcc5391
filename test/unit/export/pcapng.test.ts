// Packets synthesized from calls on sockets: the data of each end, once, in order, with numbers from which a TCP reader reassembles it.

import { describe, expect, test } from 'vitest'
import { pcapngExport } from '../../../src/export/pcapng/pcapng.js'
import type { FdInfo, Snapshot } from '../../../src/model/snapshot.js'
import { type Packet, readPcapng } from '../../helpers/pcapng.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context, info, walk } from '../fields/evaluate.js'
import { thread } from '../state/world.js'

const START = BigInt(info.startSec) * 1_000_000_000n + BigInt(info.startNsec)
const tcp = { type: 'ipv4', sockType: 1, proto: 6, connected: true, name: '' } as const
const client = { ...tcp, num: 3, localIp: '10.0.0.5', localPort: 4000, remoteIp: '10.0.0.9', remotePort: 80 }
const server = { ...tcp, num: 4, localIp: '10.0.0.9', localPort: 80, remoteIp: '10.0.0.5', remotePort: 4000 }

function pcapng(rows: readonly RowSpec[], fds: readonly FdInfo[] = [client], more: readonly FdInfo[] = [server]) {
  const ctx = context()
  const threads = [thread(100, { comm: 'curl', fds: [...fds] }), thread(200, { comm: 'nginx', fds: [...more] })]
  ctx.state.load({ threads, users: [], groups: [] } satisfies Snapshot)
  const made = pcapngExport({ line: '', program: 'ksys 1.2.3' })
  made.start(ctx)
  walk(rows, ctx, (e) => made.show(e))
  made.end()
  return { ...readPcapng(Buffer.from(made.out.view())), notes: made.notes() }
}

let clock = 0
const moves = (type: string, tid: number, fd: number, ret: number, data: string | Uint8Array): RowSpec => ({
  ...{ type, tid, ret, time: ++clock * 1000, latency: 1 },
  params: { fd, size: Math.max(ret, 0), data },
})
const write = (data: string, ret = data.length): RowSpec => moves('write', 100, 3, ret, data)
const read = (data: string, ret = data.length): RowSpec => moves('read', 100, 3, ret, data)
const serverRead = (data: string, ret = data.length): RowSpec => moves('read', 200, 4, ret, data)
const serverWrite = (data: string, ret = data.length): RowSpec => moves('write', 200, 4, ret, data)

/** What a TCP reader reassembles of a direction; an omitted byte is a question mark. Throws if bytes occur twice or never. */
function stream(packets: readonly Packet[], from: string): string {
  const of = packets.filter((p) => p.from === from && p.dataLength > 0)
  let next = of[0]?.seq ?? 0
  let text = ''
  for (const p of of) {
    if (p.seq !== next) throw new Error(`the next number is ${next}, and a packet has ${p.seq}`)
    next = (next + p.dataLength) % 2 ** 32
    text += p.data.toString('latin1') + '?'.repeat(p.dataLength - p.data.length)
  }
  return text
}

const C = '10.0.0.5 4000'
const S = '10.0.0.9 80'

test('written and read data are packets with addresses, time, direction and process', () => {
  const { packets, sections } = pcapng([write('GET /'), read('200 OK')])
  expect(sections).toEqual([{ program: 'ksys 1.2.3', comment: 'host web1' }])
  expect(packets.map((p) => [p.from, p.to, p.data.toString(), p.direction])).toEqual([
    [C, S, 'GET /', 2],
    [S, C, '200 OK', 1],
  ])
  expect(packets[0]).toMatchObject({ protocol: 'tcp', comment: 'curl (pid 100, tid 100)' })
  expect((packets[1]?.time ?? 0n) - (packets[0]?.time ?? 0n)).toBe(1000n)
  expect((packets[0]?.time ?? 0n) > START).toBe(true)
  // each acknowledges the data of the other end
  expect(packets[1]?.ack).toBe((packets[0]?.seq ?? 0) + 5)
})

test('each byte of a local connection is written once', () => {
  const { packets } = pcapng([
    write('hello '),
    serverRead('hello '),
    serverWrite('good '),
    write('you'),
    read('good '),
    serverRead('you'),
  ])
  expect(stream(packets, C)).toBe('hello you')
  expect(stream(packets, S)).toBe('good ')
  expect(packets.length).toBe(3)
})

test('data is complete in any order of the ends, and in any pieces', () => {
  const text = 'the quick brown fox jumps over the lazy dog'
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 9 })), { maxLength: 60 }), (pieces) => {
      const at = { w: 0, r: 0 }
      const rows = pieces.flatMap(([writes, n]) => {
        const from = writes ? at.w : at.r
        const piece = text.slice(from, from + n)
        if (piece === '') return []
        at[writes ? 'w' : 'r'] += piece.length
        return [writes ? write(piece) : serverRead(piece)]
      })
      expect(stream(pcapng(rows).packets, C)).toBe(text.slice(0, Math.max(at.w, at.r)))
    }),
  )
})

test('missing data are reported', () => {
  const { packets, notes } = pcapng([write('abc', 1000), write('def')])
  expect(packets.map((p) => [p.data.toString(), p.dataLength])).toEqual([
    ['abc', 1000],
    ['def', 3],
  ])
  expect(stream(packets, C)).toBe(`abc${'?'.repeat(997)}def`)
  expect(notes).toEqual([
    '1 of 2 packets have less data than was transferred; capture with -s BYTES to record more of each call',
  ])
})

test('a call with more data than a packet can hold is several packets', () => {
  const { packets } = pcapng([write('abc', 200_000)])
  expect(packets.map((p) => p.data.length)).toEqual([3, 0, 0, 0])
  expect(stream(packets, C).length).toBe(200_000)
})

test('a write without recorded data has the data of the read at the other end', () => {
  const sendfile = (ret: number): RowSpec => ({
    ...{ type: 'sendfile', tid: 200, ret, time: ++clock * 1000, latency: 1 },
    params: { out_fd: 4, in_fd: 5, offset: 0, size: ret },
  })
  const request = [write('GET'), serverRead('GET')]
  const whole = pcapng([...request, serverWrite('head '), sendfile(9), read('head the '), read('file.')])
  expect(stream(whole.packets, S)).toBe('head the file.')
  expect(whole.notes).toEqual([])
  // data that nobody reads is reported as missing
  const half = pcapng([...request, sendfile(9), read('the '), serverWrite('end')])
  expect(stream(half.packets, S)).toBe('the ?????end')
  expect(stream(pcapng([...request, sendfile(9)]).packets, S)).toBe('?????????')
})

test('the bytes of a write beyond the recorded ones are taken from the read at the other end', () => {
  const [kept, rest] = ['k'.repeat(65_000), 'r'.repeat(37_400)]
  const rows = [write('GET'), serverRead('GET'), serverWrite(kept, 102_400), read(kept), read(rest)]
  const { packets, notes } = pcapng(rows)
  expect(stream(packets, S)).toBe(kept + rest)
  expect(notes).toEqual([])
})

test('data that continue after their row are in the packets', () => {
  const data = Array.from({ length: 13_000 }, (_, i) => String(i).padStart(8, '0')).join('')
  const { packets, notes } = pcapng([write('GET'), read(data)])
  expect(stream(packets, S)).toBe(data)
  expect(notes).toEqual([])
})

test('an impossible result does not create endless packets', () => {
  const { packets } = pcapng([write('abc', Number.MAX_SAFE_INTEGER)])
  expect(packets.length).toBeLessThan(33_000)
})

describe('a new connection', () => {
  const tuple = (from: string, fp: number, to: string, tp: number) => {
    const b = Buffer.alloc(13)
    b[0] = 2
    b.set(from.split('.').map(Number), 1)
    b.writeUInt16LE(fp, 5)
    b.set(to.split('.').map(Number), 7)
    b.writeUInt16LE(tp, 11)
    return b
  }
  const connect = (): RowSpec => ({
    ...{ type: 'connect', tid: 100, ret: 0, time: ++clock * 1000, latency: 1 },
    params: { fd: 3, tuple: tuple('10.0.0.5', 4000, '10.0.0.9', 80) },
  })
  const accept = (): RowSpec => ({
    ...{ type: 'accept4', tid: 200, ret: 4, time: ++clock * 1000, latency: 1 },
    params: { tuple: tuple('10.0.0.5', 4000, '10.0.0.9', 80), flags: 0 },
  })
  const handshakes = (packets: readonly Packet[]) => packets.filter((p) => (p.flags & 2) !== 0).length / 2

  test('has a handshake, followed by its data', () => {
    const { packets } = pcapng([connect(), write('a'), read('b')], [{ ...client, connected: false }])
    expect(packets.map((p) => p.flags)).toEqual([2, 18, 16, 24, 24])
    expect(packets[3]?.seq).toBe((packets[0]?.seq ?? 0) + 1)
    expect(packets[4]?.seq).toBe((packets[1]?.seq ?? 0) + 1)
    expect(packets[0]).toMatchObject({ from: C, to: S })
  })

  test('has one handshake if both ends are local, in any order of their events', () => {
    for (const rows of [
      [connect(), accept(), write('a'), serverRead('a')],
      [accept(), connect(), write('a'), serverRead('a')],
    ]) {
      const { packets } = pcapng(rows, [{ ...client, connected: false }], [])
      expect(handshakes(packets)).toBe(1)
      expect(packets.find((p) => p.flags === 2)?.from).toBe(C)
      expect(stream(packets, C)).toBe('a')
    }
  })

  test('has one handshake if the client sends before accept() ends', () => {
    const rows = [connect(), write('GET'), accept(), serverRead('GET'), serverWrite('OK'), read('OK')]
    const { packets } = pcapng(rows, [{ ...client, connected: false }], [])
    expect(handshakes(packets)).toBe(1)
    expect([stream(packets, C), stream(packets, S)]).toEqual(['GET', 'OK'])
  })

  test('has another handshake if its ends connect again', () => {
    const { packets } = pcapng([connect(), write('a'), connect(), write('b')], [{ ...client, connected: false }])
    expect(handshakes(packets)).toBe(2)
    const syns = packets.filter((p) => p.flags === 2)
    expect(syns[0]?.seq).not.toBe(syns[1]?.seq)
  })
})

test('each datagram is one packet, written once', () => {
  const udp = { type: 'ipv4', sockType: 2, proto: 17, connected: true, name: '' } as const
  const [c, s] = [
    { ...udp, num: 3, localIp: '127.0.0.1', localPort: 5000, remoteIp: '127.0.0.1', remotePort: 53 },
    { ...udp, num: 4, localIp: '127.0.0.1', localPort: 53, remoteIp: '127.0.0.1', remotePort: 5000 },
  ]
  const { packets } = pcapng([write('query'), serverRead('query'), serverWrite(''), write('again')], [c], [s])
  expect(packets.map((p) => [p.protocol, p.from, p.data.toString()])).toEqual([
    ['udp', '127.0.0.1 5000', 'query'],
    ['udp', '127.0.0.1 53', ''],
    ['udp', '127.0.0.1 5000', 'again'],
  ])
})

test('IPv6 has its addresses, and a mapped IPv4 address is IPv4', () => {
  const six = {
    ...tcp,
    type: 'ipv6',
    num: 3,
    localIp: 'fd00::5',
    localPort: 1,
    remoteIp: '2001:db8::1',
    remotePort: 2,
  } as const
  expect(pcapng([write('x')], [six]).packets[0]).toMatchObject({
    from: 'fd00:0:0:0:0:0:0:5 1',
    to: '2001:db8:0:0:0:0:0:1 2',
  })
  const mapped = { ...six, localIp: '::', remoteIp: '10.1.2.3' }
  expect(pcapng([write('x')], [mapped]).packets[0]).toMatchObject({ from: '0.0.0.0 1', to: '10.1.2.3 2' })
})

test('calls without packets are omitted and reported', () => {
  const unix = { num: 3, type: 'unix', name: '', sockType: 1 } as const
  const { packets, notes } = pcapng([write('x'), moves('recvfrom', 100, 3, -11, '')], [unix])
  expect(packets).toEqual([])
  expect(notes).toEqual([
    'the file has no packets: no matching call transferred data over an internet socket',
    '1 call on a unix socket is omitted: only TCP and UDP are exported',
  ])
})

test('peeks, failed calls and the end of a stream add no data', () => {
  const peek: RowSpec = {
    ...{ type: 'recvfrom', tid: 100, ret: 3, time: ++clock * 1000, latency: 1 },
    params: { fd: 3, size: 3, data: 'abc', flags: 2 },
  }
  expect(pcapng([peek, read('', -11), read('', 0), read('abc')]).packets.map((p) => p.data.toString())).toEqual(['abc'])
})

test('after a loss a stream continues with the next sequence numbers', () => {
  const drop: RowSpec = {
    ...{ type: 'drop', tid: 100, time: ++clock * 1000 },
    params: { ratio: 0, lost: 1, calls: 1, enters: 0, others: 0, state: 0, skipped: 0 },
  }
  const { packets } = pcapng([write('one'), drop, serverRead('two'), write('four')])
  expect(stream(packets, C)).toContain('one')
  expect(() => stream(packets, C)).not.toThrow()
})
