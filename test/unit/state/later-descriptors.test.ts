// Descriptors of a snapshot are created when something needs them. Whenever that is, they are those that existed at the start.

import { expect, test } from 'vitest'
import type { FdInfo, FdRecords } from '../../../src/model/snapshot.js'
import { packSnapshot } from '../../../src/trace/pack-snapshot.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, recorded, shell, thread, World } from './world.js'

const LISTEN = 10
const [PARENT, CHILD, OTHER] = [100, 300, 200]

const socket = fc.record(
  {
    num: fc.integer({ min: 0, max: 5 }),
    type: fc.constant<FdInfo['type']>('ipv4'),
    name: fc.constant(''),
    sockType: fc.constant(1),
    proto: fc.constantFrom(6, 17),
    tcpState: fc.constantFrom(1, 7, LISTEN),
    localIp: fc.constantFrom('127.0.0.1', '10.0.0.5'),
    localPort: fc.constantFrom(80, 1000),
    remoteIp: fc.constantFrom('127.0.0.1', '10.0.0.9'),
    remotePort: fc.constantFrom(80, 1000),
    server: fc.boolean(),
  },
  { requiredKeys: ['num', 'type', 'name'] },
) as fc.Arbitrary<FdInfo>
const plain = fc.integer({ min: 0, max: 5 }).map((num): FdInfo => file(num, `/f${num}`, { dev: 1, ino: num }))
const fds = fc.array(fc.oneof(plain, socket), { maxLength: 5 })

const tid = fc.constantFrom(PARENT, OTHER)
const row: fc.Arbitrary<RowSpec> = fc.oneof(
  fc
    .record({ tid, fd: fc.integer({ min: 0, max: 5 }) })
    .map((r) => ({ type: 'close', tid: r.tid, params: { fd: r.fd } })),
  fc.record({ tid, fd: fc.integer({ min: 0, max: 5 }), ret: fc.integer({ min: 0, max: 7 }) }).map((r) => ({
    type: 'dup',
    tid: r.tid,
    ret: r.ret,
    params: { oldfd: r.fd },
  })),
  tid.map((t) => ({ type: 'open', tid: t, ret: 3, params: { name: '/new', flags: 0 } })),
  tid.map((t) => ({ type: 'clone', tid: t, ret: CHILD, params: { flags: 0 } })),
)

test('the state is the same if descriptors are created late, whatever happens first', () => {
  fc.assert(
    fc.property(fds, fds, fc.array(row, { maxLength: 6 }), (mine, others, rows) => {
      const s = shell([...mine])
      const world = (form: (all: readonly FdInfo[]) => readonly FdInfo[] | FdRecords) =>
        new World({
          ...s,
          threads: [
            ...s.threads.map((t) => (t.tid === PARENT ? { ...t, fds: form(mine) } : t)),
            thread(OTHER, { fds: form(others) }),
          ],
        })
      const early = world((all) => all)
      for (const t of early.state.threads.values()) t.fdTable.fds.values()
      const late = world(recorded)
      const saved = late.state.snapshot()
      expect(saved).toEqual(early.state.snapshot())
      for (const w of [early, late]) w.play(rows)
      expect(late.state.snapshot()).toEqual(early.state.snapshot())
      expect(new World(saved).play(rows).state.snapshot()).toEqual(early.state.snapshot())
    }),
  )
})

test('a trace has the same bytes if descriptors were not decoded before', () => {
  fc.assert(
    fc.property(fds, (all) => {
      const s = shell([])
      const withFds = (form: readonly FdInfo[] | FdRecords) => ({
        ...s,
        threads: s.threads.map((t) => ({ ...t, fds: form })),
      })
      const packed = (form: readonly FdInfo[] | FdRecords) => Buffer.concat([...packSnapshot(withFds(form))])
      expect(packed(recorded(all))).toEqual(packed(all))
    }),
  )
})

test('a socket of several tables that one process has closed remains in the table of another', () => {
  const shared: FdInfo = {
    num: 3,
    type: 'ipv4',
    name: '',
    sockType: 2,
    proto: 17,
    common: 5,
    localIp: '10.0.0.5',
    localPort: 9,
  }
  const s = shell([])
  const threads = [
    ...s.threads.map((t) => (t.tid === PARENT ? { ...t, fds: [shared] } : t)),
    thread(OTHER, { fds: [shared] }),
  ]
  const w = new World({ ...s, threads })
  w.play([{ type: 'close', params: { fd: 3 } }])
  const opens = Array.from({ length: 40 }, (): RowSpec[] => [
    { type: 'open', ret: 3, params: { name: '/new', flags: 0 } },
    { type: 'close', params: { fd: 3 } },
  ])
  w.play(opens.flat())
  expect(w.thread(OTHER).fdTable.fds.get(3)).toMatchObject({ type: 'ipv4', localIp: '10.0.0.5' })
})
