// Any bytes, cut anywhere: reading DNS neither fails, nor reads beyond the end, nor takes long.
import dns from 'dns-packet'
import { expect, test, vi } from 'vitest'
import { addressesFor, DnsStream, dnsMessage, resolveMessage } from '../../src/dns/index.js'
import { VarlinkStream } from '../../src/dns/varlink-stream.js'
import { ipv4Text, ipv6Text } from '../../src/model/address.js'
import fc from '../helpers/properties.js'
import { SEED, TIMES } from './damage.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })

const whole = dns.encode({
  type: 'response',
  id: 1,
  questions: [{ type: 'A', name: 'a.test' }],
  answers: [
    { type: 'CNAME', name: 'a.test', data: 'b.test' },
    { type: 'A', name: 'b.test', data: '192.0.2.1' },
    { type: 'AAAA', name: 'b.test', data: '2001:db8::1' },
    { type: 'TXT', name: 'b.test', data: ['text', 'more'] },
    { type: 'MX', name: 'b.test', data: { preference: 1, exchange: 'm.test' } },
    { type: 'SRV', name: 'b.test', data: { port: 1, target: 's.test' } },
  ],
  additionals: [
    { type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [{ code: 12, length: 3 }] } as never,
  ],
})

/** A message with some bytes changed, lengths and pointers included. */
const damaged = fc
  .record({
    at: fc.array(fc.nat(whole.length - 1), { maxLength: 6 }),
    byte: fc.array(fc.oneof(fc.constantFrom(0, 0xc0, 0xff, 0x3f), fc.nat(255)), { minLength: 6, maxLength: 6 }),
    cut: fc.nat(whole.length),
  })
  .map(({ at, byte, cut }) => {
    const b = Buffer.from(whole)
    at.forEach((a, i) => {
      b[a] = byte[i] as number
    })
    return b.subarray(0, cut)
  })
const bytes = fc.oneof(damaged, fc.uint8Array({ maxLength: 300 }))

test('a message never has more than its bytes', () => {
  fc.assert(
    fc.property(bytes, (b) => {
      const m = dnsMessage(b)
      if (m === undefined) return
      expect(m.end ?? 0).toBeLessThanOrEqual(b.length)
      expect(m.answers.length).toBeLessThanOrEqual(64)
      for (const { name, data } of m.answers) {
        expect(name.length).toBeLessThanOrEqual(255)
        expect(data).not.toContain('undefined')
      }
    }),
    { numRuns: 5000 * TIMES, seed: SEED },
  )
})

test('all complete answers are read from a truncated message', () => {
  for (let cut = 0; cut <= whole.length; cut++) {
    const m = dnsMessage(whole.subarray(0, cut))
    expect((m?.answers.length ?? 0) + (m?.more ?? 6)).toBe(6)
  }
  expect(dnsMessage(whole)).toMatchObject({ more: 0, end: whole.length })
})

test('pieces of a connection are no longer than the transferred data', () => {
  const piece = fc.record({ data: bytes, unseen: fc.nat(400) })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const stream = new DnsStream()
      let seen = 0
      for (const { data, unseen } of pieces)
        seen += stream.push(data, data.length + unseen).reduce((n, m) => n + m.length, 0)
      expect(seen).toBeLessThanOrEqual(pieces.reduce((n, p) => n + p.data.length, 0))
    }),
    { numRuns: 2000 * TIMES, seed: SEED },
  )
})

test('any JSON is a request, a reply, or ignored', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.json().map((j) => `{"parameters":${j}}`),
        fc.json().map((j) => `{"method":"io.systemd.Resolve.ResolveAddress","parameters":{"address":${j}}}`),
      ),
      (text) => {
        resolveMessage(Buffer.from(text))
      },
    ),
    { numRuns: 2000 * TIMES, seed: SEED },
  )
})

test('messages to systemd-resolved are found wherever calls split them', () => {
  const text = fc.string({ unit: 'binary-ascii', maxLength: 30 }).map((t) => t.replaceAll('\0', ' '))
  fc.assert(
    fc.property(fc.array(text, { maxLength: 6 }), fc.array(fc.nat(9), { maxLength: 60 }), (messages, sizes) => {
      const all = Buffer.from(messages.map((m) => `${m}\0`).join(''))
      const stream = new VarlinkStream()
      const seen: string[] = []
      let at = 0
      for (const size of [...sizes, all.length]) {
        const part = all.subarray(at, at + size)
        at += size
        seen.push(...stream.push(part, part.length).map((m) => Buffer.from(m).toString()))
      }
      expect(seen).toEqual(messages)
    }),
    { numRuns: 1000 * TIMES, seed: SEED },
  )
})

test('addresses of an answer read as those of sockets do; records that nothing leads to count for nothing', () => {
  const bytes = (n: number) => fc.uint8Array({ minLength: n, maxLength: n })
  const some = fc.oneof(
    bytes(4),
    bytes(16),
    bytes(16).map((b) => b.fill(0, 2, 12)),
  )
  const text = (b: Uint8Array) => (b.length === 4 ? ipv4Text(b, 0) : ipv6Text(b, 0))
  fc.assert(
    fc.property(some, fc.nat(3), (b, aliases) => {
      const name = (i: number) => `n${i}.test`
      const chain = Array.from({ length: aliases }, (_, i) => ({
        type: 'CNAME' as const,
        name: name(i),
        data: name(i + 1),
      }))
      const record = (of: string) =>
        ({ type: b.length === 4 ? 'A' : 'AAAA', name: of, data: text(b) }) as { type: 'A'; name: string; data: string }
      const questions = [{ type: 'A' as const, name: name(0) }]
      const answer = (of: string) =>
        dnsMessage(dns.encode({ type: 'response', questions, answers: [...chain, record(of)] }))
      expect(addressesFor('N0.test', answer(name(aliases))?.answers ?? [])).toEqual([text(b)])
      expect(addressesFor('N0.test', answer('other.test')?.answers ?? [])).toEqual([])
    }),
    { numRuns: 1000 * TIMES, seed: SEED },
  )
})
