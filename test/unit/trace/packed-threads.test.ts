// The threads of a packed snapshot are found without unpacking them, and unpacked one by one; any bytes are read as they are without that.

import { expect, test } from 'vitest'
import type { FdInfo, Snapshot, ThreadId } from '../../../src/model/snapshot.js'
import { isThreadList, threadRecords } from '../../../src/model/thread-records.js'
import { snapshotOf } from '../../../src/trace/metadata.js'
import { pack, THREADS, unpack } from '../../../src/trace/pack.js'
import { packSnapshot } from '../../../src/trace/pack-snapshot.js'
import fc from '../../helpers/properties.js'
import { thread } from '../state/world.js'

const IDS = ['tid', 'pid', 'ptid', 'vpid', 'fdsOf', 'fsOf'] as const satisfies readonly ThreadId[]

const id = fc.oneof(
  fc.integer({ min: -1, max: 70_000 }),
  fc.constantFrom(-128, 127, 255, 65_535, 2 ** 31 - 1, -(2 ** 31)),
)
const fd: fc.Arbitrary<FdInfo> = fc.record(
  {
    num: fc.nat(300),
    type: fc.constantFrom('file', 'ipv4'),
    name: fc.string(),
    tcpState: fc.constantFrom(1, 10),
    localPort: fc.nat(70_000),
    common: fc.nat(4),
  },
  { requiredKeys: ['num', 'type', 'name'] },
)
const threads = fc.array(
  fc
    .record(
      {
        tid: id,
        pid: id,
        ptid: id,
        vpid: id,
        fdsOf: id,
        fsOf: id,
        comm: fc.string({ unit: 'binary' }),
        env: fc.array(fc.string(), { maxLength: 20 }),
        cgroups: fc.constantFrom<string[]>([], ['cpu=/'], ['cpu=/a', 'memory=/b']),
        fds: fc.array(fd, { maxLength: 20 }),
      },
      { requiredKeys: ['tid', 'pid', 'ptid', 'vpid', 'comm', 'env', 'cgroups'] },
    )
    .map(({ tid, ...more }) => thread(tid, more)),
  { maxLength: 20 },
)

const plain = (s: Snapshot) => ({ ...s, threads: Array.from(s.threads, (t) => ({ ...t, fds: t.fds && [...t.fds] })) })

test('each thread is read as it was written, and what is known without unpacking it is true', () => {
  fc.assert(
    fc.property(threads, (list) => {
      const packed = Buffer.concat([...packSnapshot({ threads: list, users: [], groups: [] })])
      const found = snapshotOf(unpack(packed, THREADS))
      expect(isThreadList(found.threads)).toBe(false)
      expect(plain(found)).toEqual(plain(snapshotOf(unpack(packed))))
      const records = threadRecords(found.threads)
      const expected = threadRecords(list)
      for (let i = 0; i < list.length; i++) {
        for (const key of IDS) expect(records.id(key, i), key).toBe(expected.id(key, i))
        expect(records.listens(i)).toBe(expected.listens(i))
        expect(records.hasCommon(i)).toBe(expected.hasCommon(i))
        expect(list[records.sameCgroups(i)]?.cgroups).toEqual(list[i]?.cgroups)
      }
    }),
  )
})

test('damaged snapshots are read, or rejected, as if they were unpacked as a whole', () => {
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), to: fc.nat(255) })
  fc.assert(
    fc.property(threads, fc.array(change, { maxLength: 3 }), fc.nat(8), (list, changes, cut) => {
      const packed = Buffer.concat([...packSnapshot({ threads: list, users: [], groups: [] })])
      for (const { at, to } of changes) packed[Math.floor(at * packed.length)] = to
      const bytes = packed.subarray(0, packed.length - (cut > 4 ? cut : 0))
      const whole = unpack(bytes)
      const parted = unpack(bytes, THREADS)
      if (whole === undefined) expect(parted).toBeUndefined()
      else expect(plain(snapshotOf(parted))).toEqual(plain(snapshotOf(whole)))
    }),
  )
})

test('what ksys does not write is unpacked as a whole', () => {
  for (const odd of [7, { tid: 2 ** 40 }, { tid: 1.5 }, { pid: 'x' }, { tid: 1, fds: 5 }, { tid: 1, fds: [5] }]) {
    const found = snapshotOf(unpack(pack({ threads: [thread(1), odd] }), THREADS))
    expect(isThreadList(found.threads)).toBe(true)
    expect(found.threads).toHaveLength(2)
  }
  expect(snapshotOf(unpack(pack({ threads: 'none' }), THREADS)).threads).toEqual([])
})
