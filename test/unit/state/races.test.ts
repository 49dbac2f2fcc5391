import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { World } from './world.js'

const two = (): World => {
  const w = new World()
  w.play([{ type: CODE.ks_fork, time: 1, params: { tid: 101, pid: 100, vtid: 101, vpid: 100, shared: 15 } }])
  return w
}

/** A call of thread `tid` from `from` to `to`. */
const call = (tid: number, from: number, to: number, row: RowSpec): RowSpec => ({
  tid,
  pid: 100,
  time: to,
  latency: to - from,
  ...row,
})
const open = (name: string, ret: number): RowSpec => ({ type: 'open', ret, params: { name, flags: 0 } })
const close = (fd: number): RowSpec => ({ type: 'close', params: { fd } })

test('a close that exits after its number was reassigned does not close the new file', () => {
  const w = two()
  w.play([call(100, 10, 20, open('/old', 3)), call(101, 35, 50, open('/new', 3))])
  expect(w.shows(call(100, 30, 60, close(3)))).toEqual({ num: 3, name: '/old', type: 'file' })
  expect(w.fds()[3]).toBe('/new')
})

test('a read that started before the number was reassigned refers to the original file', () => {
  const w = two()
  w.play([call(100, 10, 20, open('/old', 3)), call(101, 30, 40, close(3)), call(101, 45, 50, open('/new', 3))])
  expect(w.shows(call(100, 25, 60, { type: 'read', ret: 1, params: { fd: 3 } })).name).toBe('/old')
  expect(w.shows(call(100, 61, 62, { type: 'read', ret: 1, params: { fd: 3 } })).name).toBe('/new')
})

test('a read that ends after its file was closed still has its name; one that started later has none', () => {
  const w = two()
  w.play([call(100, 10, 20, open('/old', 3)), call(101, 30, 40, close(3))])
  expect(w.shows(call(100, 25, 60, { type: 'read', ret: 1, params: { fd: 3 } })).name).toBe('/old')
  expect(w.shows(call(100, 61, 62, { type: 'read', ret: -9, params: { fd: 3 } })).name).toBe(undefined)
})

test('close_range does not close what was opened while it ran', () => {
  const w = two()
  w.play([
    call(100, 10, 20, open('/old', 3)),
    call(101, 35, 50, open('/new', 4)),
    call(100, 30, 60, { type: 'close_range', params: { first: 3, last: 100 } }),
  ])
  expect(w.fds()).toEqual({ 0: '/dev/tty', 4: '/new' })
})

test('an open that is delivered late does not replace its successor', () => {
  const w = two()
  w.play([call(101, 35, 50, open('/new', 3)), call(100, 10, 20, open('/old', 3))])
  expect(w.fds()[3]).toBe('/new')
})

/**
 * Threads that share a table work on it in some true order: each call takes effect at one instant between its enter and
 * its exit. A program uses a number only after the call that returned it has ended.
 */
interface Step {
  kind: 'open' | 'close' | 'dup'
  pick: number
  before: number
  after: number
}

function history(steps: readonly Step[]): { rows: RowSpec[]; truth: Record<number, string> } {
  const table = new Map<number, { name: string; known: number }>()
  const rows: RowSpec[] = []
  let now = 100
  steps.forEach((s, i) => {
    now += 10
    let free = 1
    while (table.has(free)) free++
    const usable = [...table].filter(([, f]) => f.known < now)
    const [num, file] = usable[s.pick % Math.max(1, usable.length)] ?? [-1, undefined]
    const exit = now + s.after
    if (s.kind === 'open' || file === undefined) {
      table.set(free, { name: `/f${i}`, known: exit })
      rows.push(call(200 + i, now - s.before, exit, open(`/f${i}`, free)))
      return
    }
    // the caller knew the number before it entered
    const enter = Math.max(now - s.before, file.known)
    if (s.kind === 'close') {
      table.delete(num)
      rows.push(call(200 + i, enter, exit, close(num)))
    } else {
      table.set(free, { name: file.name, known: exit })
      rows.push(call(200 + i, enter, exit, { type: 'dup', ret: free, params: { oldfd: num } }))
    }
  })
  rows.sort((a, b) => (a.time as number) - (b.time as number))
  return { rows, truth: Object.fromEntries([...table].map(([n, f]) => [n, f.name])) }
}

const step = fc.record({
  kind: fc.constantFrom('open', 'open', 'close', 'close', 'dup') as fc.Arbitrary<Step['kind']>,
  pick: fc.nat(7),
  before: fc.integer({ min: 1, max: 60 }),
  after: fc.integer({ min: 1, max: 60 }),
})

test('in whatever order calls of many threads exit, the final table is that of the true order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { rows, truth } = history(steps)
      const w = new World()
      const births = steps.map((_, i) => ({
        type: CODE.ks_fork,
        time: i,
        params: { tid: 200 + i, pid: 100, vtid: 200 + i, vpid: 100, shared: 15 },
      }))
      w.play(births).play(rows)
      expect(w.fds()).toEqual({ 0: '/dev/tty', ...truth })
    }),
    { numRuns: 200 },
  )
})
