import { expect, test } from 'vitest'
import type { Snapshot } from '../../../src/model/snapshot.js'
import { bootNs } from '../../../src/model/time.js'
import { CODE } from '../../../src/schema/codes.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, inetTuple, info, shell, thread, World } from './world.js'

const sorted = (s: Snapshot) => ({
  ...s,
  threads: [...s.threads]
    .sort((a, b) => a.tid - b.tid)
    .map((t) => (t.fds === undefined ? t : { ...t, fds: [...t.fds].sort((a, b) => a.num - b.num) })),
})

test('a keyframe has the same data as the state that it was taken from', () => {
  const w = new World()
  w.play([
    { type: CODE.ks_fork, params: { tid: 101, pid: 100, vtid: 101, vpid: 100, shared: 15, comm: 'thr' } },
    { type: CODE.ks_fork, params: { tid: 200, pid: 200, vtid: 200, vpid: 200, shared: 1, comm: 'kid' } },
    { type: 'open', ret: 3, params: { name: 'x', flags: 0o2000000, dev: 3, ino: 4 } },
    { type: 'socket', ret: 4, params: { domain: 2, type: 1, proto: 6 } },
    { type: 'connect', params: { fd: 4, tuple: inetTuple('10.0.0.5', 1, '10.0.0.9', 2) } },
    { type: 'accept', ret: 5, params: { tuple: inetTuple('10.0.0.9', 7, '10.0.0.5', 80) } },
    { type: 'close', params: { fd: 0 } },
    { type: 'useradded', tid: -1, params: { uid: 1, gid: 2, name: 'u', home: '/', shell: '' } },
  ])
  const first = w.state.snapshot()
  expect(Array.from(first.threads.find((t) => t.tid === 100)?.fds ?? [], (f) => f.num)).toEqual([3, 4, 5])
  const again = new World(first)
  expect(sorted(again.state.snapshot())).toEqual(sorted(first))
  expect(again.fds(100)).toEqual(w.fds(100))
  expect(again.thread(200).fdTable).toBe(again.thread(100).fdTable)
  expect(again.thread(101)).toMatchObject({ comm: 'thr', leader: again.thread(100) })
  again.play([{ type: 'execve', params: {} }])
  expect(again.fds(100)[3]).toBe(undefined)
})

test('a keyframe has identities, and calls in progress', () => {
  const fork = (pid: number, shared: number) =>
    ({ type: CODE.ks_fork, params: { tid: pid, pid, vtid: pid, vpid: pid, shared, comm: 'kid' } }) as const
  const w = new World()
  w.play([
    { type: 'socket', ret: 4, params: { domain: 2, type: 2, proto: 17 } },
    fork(200, 0),
    fork(300, 2),
    { type: 'execve', tid: 200, params: { comm: 'program' } },
    { type: CODE.ks_cwd, params: { cwd: '/a/b', root: '/' }, time: 500 },
  ])
  const later: RowSpec[] = [
    // of a directory that the kernel had recorded
    { type: 'chdir', time: 510, latency: 20, params: { path: 'b' } },
    // the parent's side of a birth follows when the child has already run another program
    { type: 'clone', ret: 200, params: { flags: 0 } },
    { type: 'connect', tid: 200, params: { fd: 4, tuple: inetTuple('10.0.0.5', 1, '10.0.0.9', 2) } },
  ]
  const again = new World(w.state.snapshot())
  for (const world of [w, again]) {
    world.play(later)
    expect(world.thread(200).comm).toBe('program')
    expect(world.thread(300).cwd).toBe('/a/b')
    expect(world.fds(100)[4]).toBe('10.0.0.5:1->10.0.0.9:2')
  }
})

test('a snapshot that was read after some of the events converges with them', () => {
  const start = 2_000_000
  const events: RowSpec[] = [
    {
      type: CODE.ks_fork,
      time: start,
      params: { tid: 200, pid: 200, vtid: 200, vpid: 200, shared: 0, start: info.startBoot + start - 50, comm: 'sh' },
    },
    { type: 'open', tid: 200, time: start + 10, latency: 5, ret: 3, params: { name: '/a', flags: 0 } },
    { type: 'close', tid: 200, time: start + 20, latency: 5, params: { fd: 3 } },
    { type: 'open', tid: 200, time: start + 30, latency: 5, ret: 3, params: { name: '/b', flags: 0 } },
    { type: 'dup2', tid: 200, time: start + 40, latency: 5, ret: 9, params: { oldfd: 3, newfd: 9 } },
    { type: 'close', tid: 200, time: start + 50, latency: 5, params: { fd: 0 } },
    { type: 'open', time: start + 60, latency: 5, ret: 4, params: { name: '/parent', flags: 0 } },
  ]
  const before = new World().play(events)
  const late = shell([file(0, '/dev/tty'), file(4, '/parent')])
  late.threads.push(
    thread(200, {
      ptid: 100,
      comm: 'sh',
      startBoot: bootNs(info.startBoot + start),
      fds: [file(3, '/b'), file(9, '/b')],
    }),
  )
  const after = new World(late).play(events)
  expect(after.fds(200)).toEqual({ 3: '/b', 9: '/b' })
  expect(after.fds(200)).toEqual(before.fds(200))
  expect(after.fds(100)).toEqual(before.fds(100))
  expect(after.thread(200).parent).toBe(after.thread(100))
})

test('whatever the rows contain, the state neither breaks nor grows more than the rows', () => {
  const codes = EVENTS.map((d, i) => (d === undefined ? -1 : i)).filter((i) => i >= 0)
  const row = fc.record({
    code: fc.constantFrom(...codes),
    tid: fc.integer({ min: -1, max: 6 }),
    pid: fc.integer({ min: -1, max: 6 }),
    ret: fc.integer({ min: -3, max: 6 }),
    latency: fc.option(fc.nat(30)),
    values: fc.array(fc.integer({ min: -3, max: 1 << 21 }), { minLength: 8, maxLength: 8 }),
    bytes: fc.uint8Array({ maxLength: 40 }),
  })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 80 }), fc.boolean(), (rows, native) => {
      const w = new World()
      if (!native) w.portable()
      w.play(
        rows.map((r, i) => ({
          type: r.code,
          tid: r.tid,
          pid: r.pid,
          ret: r.ret,
          time: i * 10,
          ...(r.latency !== null && { latency: r.latency }),
          params: Object.fromEntries(
            (EVENTS[r.code]?.params ?? [])
              .filter((p) => p.wire !== 'ret')
              .map((p, k) => [
                p.name,
                p.wire === 'var' ? r.bytes : (r.values[k % 8] as number) % (k % 2 ? 8 : 1 << 30),
              ]),
          ),
        })),
      )
      expect(w.state.snapshot().threads.length).toBeLessThan(rows.length * 3 + 10)
      for (const t of w.state.threads.values()) {
        expect(w.state.threads.get(t.tid)).toBe(t)
        expect(t.leader.nThreads).toBeGreaterThan(0)
      }
    }),
    { numRuns: 300 },
  )
})
