// Any bytes, cut anywhere: reading DNS neither fails, nor reads beyond the end, nor takes long.
import dns from 'dns-packet'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { DnsStream, dnsMessage, resolveMessage } from '../../src/dns/index.js'
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
