// Any bytes, cut anywhere, with any lengths: reading a ClientHello neither fails nor invents data.

import { expect, test, vi } from 'vitest'
import { clientHello, helloLength } from '../../src/chisel/tls-hello.js'
import fc from '../helpers/properties.js'
import { SEED, TIMES } from './damage.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })

const u16 = (n: number) => Buffer.from([(n >> 8) & 255, n & 255])
const vector = (b: Buffer) => Buffer.concat([u16(b.length), b])
const extension = (kind: number, body: Buffer) => Buffer.concat([u16(kind), vector(body)])
const name = (host: string) => extension(0, vector(Buffer.concat([Buffer.from([0]), vector(Buffer.from(host))])))
const alpn = (all: string[]) =>
  extension(16, vector(Buffer.concat(all.map((p) => Buffer.concat([Buffer.from([p.length]), Buffer.from(p)])))))
const versions = (all: number[]) => extension(43, Buffer.concat([Buffer.from([all.length * 2]), ...all.map(u16)]))

function record(extensions: Buffer[]): Buffer {
  const body = Buffer.concat([
    u16(0x0303),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    vector(u16(0x1301)),
    Buffer.from([1, 0]),
    vector(Buffer.concat(extensions)),
  ])
  const handshake = Buffer.concat([Buffer.from([1, 0]), u16(body.length), body])
  return Buffer.concat([Buffer.from([22, 3, 1]), vector(handshake)])
}

const host = fc.stringMatching(/^[a-z0-9.-]{1,60}$/)
const protocol = fc.stringMatching(/^[a-z][a-z0-9/.]{2,10}$/)
const grease = fc.constantFrom(0x0a0a, 0x1a1a, 0xfafa)

test('the contents of a hello are read, in any order, next to unknown ones', () => {
  fc.assert(
    fc.property(
      host,
      fc.array(protocol, { maxLength: 5 }),
      grease,
      fc.uint8Array({ maxLength: 40 }),
      (h, protocols, g, other) => {
        const all = [
          extension(g, Buffer.from(other)),
          versions([g, 0x0304, 0x0303]),
          alpn(protocols),
          extension(51, Buffer.from(other)),
          name(h),
        ]
        expect(clientHello(record(all))).toEqual({
          serverName: h,
          alpn: protocols,
          version: '1.3',
          encrypted: false,
          cut: false,
        })
      },
    ),
    { numRuns: 500 * TIMES, seed: SEED },
  )
})

test('changed or truncated bytes give nothing that is not in them', () => {
  const whole = record([name('host.test'), alpn(['h2', 'http/1.1']), versions([0x0304, 0x0303])])
  const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.oneof(fc.constantFrom(0, 255), fc.nat(255)) })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 5 }), fc.nat(whole.length), (changes, cut) => {
      const b = Buffer.from(whole)
      for (const { at, byte } of changes) b[at] = byte
      const seen = b.subarray(0, cut)
      const hello = clientHello(seen)
      if (hello === undefined) return
      const text = seen.toString('latin1')
      if (hello.serverName !== undefined) expect(text).toContain(hello.serverName)
      for (const p of hello.alpn) expect(text).toContain(p)
      expect(hello.alpn.length).toBeLessThanOrEqual(16)
    }),
    { numRuns: 5000 * TIMES, seed: SEED },
  )
})

test('random bytes are rarely a hello, and no length exceeds a record', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (b) => {
      clientHello(b)
      const length = helloLength(b)
      if (typeof length === 'number') expect(length).toBeLessThanOrEqual(16384 + 5)
    }),
    { numRuns: 5000 * TIMES, seed: SEED },
  )
})
