// Metadata of a trace: plain data is read back unchanged, and hostile data is validated.

import { expect, test } from 'vitest'
import { batchNs } from '../../../src/model/time.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import { infoOf, packInfo, snapshotOf } from '../../../src/trace/metadata.js'
import { asString, pack, unpack } from '../../../src/trace/pack.js'
import fc from '../../helpers/properties.js'
import { INFO } from '../../helpers/trace.js'

test('plain data is read back unchanged', () => {
  const plain = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 40 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), tie('value'), { maxKeys: 40, noNullPrototype: true }),
    ),
  })).value
  fc.assert(
    fc.property(plain, (value) => {
      expect(unpack(pack(value))).toEqual(value)
    }),
  )
})

test('keys without a value are omitted, so that objects with optional fields are read back', () => {
  const packed = pack({ info: { ...INFO, note: undefined }, list: [{ path: undefined, num: 3 }] })
  expect(unpack(packed)).toEqual({ info: (({ note: _, ...rest }) => rest)(INFO), list: [{ num: 3 }] })
})

test('a file has the event for which a recorder wrote it', () => {
  expect(infoOf(unpack(pack(packInfo({ ...INFO, trigger: batchNs(12_345) })))).trigger).toBe(12_345)
  expect('trigger' in infoOf({ trigger: 'now' })).toBe(false)
})

test('filters of a recording and its copies are stored; in older traces the last one is in the note', () => {
  const read = (info: object) => infoOf(unpack(pack(info))).filters
  expect(read(packInfo({ ...INFO, filters: ['proc.name=a', ''] }) as object)).toEqual(['proc.name=a', ''])
  expect(read({ note: 'ksys 0.1.0, filter: evt.type in (a, b), snaplen 80, no structures' })).toEqual([
    'evt.type in (a, b)',
  ])
  expect(read({ note: 'ksys 0.1.0 ui, filter: evt.type=a' })).toEqual(['evt.type=a'])
  expect(read({ note: 'ksys 0.1.0, with a filter, snaplen 0' })).toEqual([''])
  for (const note of ['ksys 0.1.0, snaplen 80', 'ksys 0.1.0 merge', 'evt.type=read'])
    expect(read({ note })).toBeUndefined()
  expect(read({ filters: 7, note: 'ksys 0.1.0, snaplen 80' })).toBeUndefined()
})

test('a capture has the capabilities of its recorder; a trace without a known recorder is ksys’s own', () => {
  for (const recorder of ['ksys', 'scap'] as const)
    expect(infoOf(unpack(pack(packInfo({ ...INFO, has: capabilitiesOf(recorder) })))).has.recorder).toBe(recorder)
  for (const origin of [undefined, 'toString', 7]) expect(infoOf({ origin }).has).toEqual(capabilitiesOf('ksys'))
  expect(infoOf({ origin: 'scap' }).has).toMatchObject({
    rowProcesses: false,
    recorderRows: true,
    externalEvents: true,
  })
})

test('text with bytes that are not UTF-8 keeps them', () => {
  for (const text of ['a\udcffb', '\udc80', '😀\udc9f', '日本', 'ü'.repeat(70_000)])
    expect(asString(unpack(pack(text)))).toBe(text)
})

test('malformed bytes and lists longer than their data are rejected', () => {
  for (const hex of [
    '',
    'dd7fffffff',
    'df7fffffff',
    'dbffffffff41',
    'c1',
    'd40000',
    'c7ff00',
    '9201',
    '0101',
    `${'91'.repeat(40)}00`,
  ])
    expect(unpack(Buffer.from(hex, 'hex')), hex).toBeUndefined()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      snapshotOf(unpack(Buffer.from(bytes)))
      infoOf(unpack(Buffer.from(bytes)))
    }),
  )
})

test('values of a wrong type become neutral ones', () => {
  const { threads, users } = snapshotOf({
    threads: [{ tid: 'x', comm: 5, args: [1, 'a'], fds: [{ num: 1, type: 'nonsense', name: 3, localPort: 'p' }] }, 7],
    users: 'none',
  })
  const [first, second] = threads
  expect(first).toMatchObject({ tid: -1, comm: '', args: ['a'] })
  expect([...first!.fds!]).toEqual([{ num: 1, type: 'other', name: '', localPort: 0 }])
  expect(second).toMatchObject({ tid: -1, exe: '' })
  expect(users).toEqual([])
  expect(infoOf(undefined)).toMatchObject({ kind: 'ksys', arch: 'x64', startSec: 0, addresses: [] })
})

test('ports of listening sockets are those of the descriptors, whatever a file contains', () => {
  const odd = fc.oneof(fc.integer(), fc.constantFrom(10, 80, null, 'x', 1.5, 2n ** 60n), fc.constant(undefined))
  const descriptor = fc.oneof(fc.record({ num: odd, tcpState: odd, localPort: odd }, { requiredKeys: [] }), odd)
  fc.assert(
    fc.property(fc.array(descriptor, { maxLength: 5 }), (raw) => {
      const [t] = snapshotOf({ threads: [{ tid: 1, fds: raw }] }).threads
      const fds = t!.fds!
      const all = [...fds]
      expect(all).toHaveLength(raw.length)
      const ports = all.flatMap((fd) => (fd.tcpState === 10 ? (fd.localPort ?? []) : []))
      expect(fds).toMatchObject({ listening: ports })
    }),
  )
})
