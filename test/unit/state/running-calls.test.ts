// Calls in flight as their observers get them: arguments, paths, descriptor, and the time that they have run.
import { describe, expect, test } from 'vitest'
import { ROW } from '../../../src/model/batch.js'
import type { Event } from '../../../src/model/event.js'
import { CODE } from '../../../src/schema/codes.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, World } from './world.js'

/** numbers of x86-64 */
const NR = { read: 0, open: 2, rename: 82, openat: 257 } as const
const inFlight = (nr: number | undefined, params: object = {}, more: Partial<RowSpec> = {}): RowSpec => ({
  type: CODE.ks_inflight,
  time: 500,
  params: { nr, ...params },
  ...more,
})

/** The calls in the rows, as an observer sees them. */
function seen<T>(rows: readonly RowSpec[], look: (call: Event) => T, w = new World(shell([file(3, '/f')]))): T[] {
  const found: T[] = []
  w.state.onInFlight = (call) => found.push(look(call))
  w.play(rows)
  return found
}
const param = (call: Event, name: string) => call.def.params.findIndex((p) => p.name === name)
const text = (call: Event, name: string) => call.text(param(call, name))
const number = (call: Event, name: string) => call.number(param(call, name))

test('a call has its thread and its descriptor, and is an enter event', () => {
  const look = (c: Event) => [c.def.name, c.isEnter, c.thread?.comm, c.fd?.name, c.tid, c.pid]
  expect(seen([inFlight(NR.read, { arg0: 3, arg2: 80 })], look)).toEqual([['read', true, 'sh', '/f', 100, 100]])
})

test('without an observer nothing happens', () => {
  expect(() => new World().play([inFlight(NR.read, { arg0: 3 })])).not.toThrow()
})

test('a row without a number is not reported', () => {
  expect(seen([inFlight(undefined)], () => 1)).toEqual([])
})

test('a path that is read at the start is available; one that is read at the end only is absent', () => {
  const name = (row: RowSpec) => seen([row], (c) => text(c, 'name'))
  expect(name(inFlight(NR.open, { path: '/a', path2: '/b' }))).toEqual(['/a'])
  expect(name(inFlight(NR.open))).toEqual([undefined])
  expect(name(inFlight(NR.openat, { arg0: 3, path: '/a' }))).toEqual(['/a'])
  const both = (c: Event) => [text(c, 'oldpath'), text(c, 'newpath')]
  expect(seen([inFlight(NR.rename, { path: '/a', path2: '/b' })], both)).toEqual([[undefined, undefined]])
})

test('a path of any length is cut at the limit', () => {
  const [length] = seen([inFlight(NR.open, { path: 'x'.repeat(3000) })], (c) => text(c, 'name')?.length)
  expect(length).toBe(1024)
})

test('flags are those of the program, without those that are known only at the end of an open', () => {
  const flags = (c: Event) => number(c, 'flags')
  expect(seen([inFlight(NR.openat, { arg0: 3, arg2: 0x80001, path: '/a' })], flags)).toEqual([0x80001])
  expect(seen([inFlight(NR.openat, { arg2: 0xf0000001 })], flags)).toEqual([1])
})

test('a register that was not recorded is an absent argument', () => {
  expect(seen([inFlight(NR.read, { arg2: 80 })], (c) => [number(c, 'fd'), number(c, 'size')])).toEqual([
    [undefined, 80],
  ])
  expect(seen([inFlight(NR.read, { arg0: 3 })], (c) => [number(c, 'fd'), number(c, 'size')])).toEqual([[3, undefined]])
})

test('numbers of eight bytes are complete', () => {
  const big = 0x1122334455667788n
  const [size] = seen([inFlight(NR.read, { arg0: 3, arg2: big })], (c) => c.big(param(c, 'size')))
  expect([0x55667788n, big]).toContain(size)
})

describe('the latency', () => {
  const latency = (row: RowSpec) => seen([row], (c) => [c.latency, (c.flags & ROW.AT_LEAST) !== 0])[0]
  test('is the time since the call started', () => {
    expect(latency(inFlight(NR.read, { arg0: 3, slept: 5 }, { latency: 70 }))).toEqual([70, false])
  })

  test('is at least the time that its thread has slept, if the start was not captured', () => {
    expect(latency(inFlight(NR.read, { arg0: 3, slept: 50 }))).toEqual([50, true])
  })

  test('is unknown for a call on the CPU whose start was not captured', () => {
    expect(latency(inFlight(NR.read, { arg0: 3 }))).toEqual([undefined, true])
  })
})

test('a call is marked as in flight, and as one of a 32-bit program', () => {
  const bits = (c: Event) => c.flags & (ROW.ENTER | ROW.IN_FLIGHT | ROW.COMPAT)
  expect(seen([inFlight(NR.read)], bits)).toEqual([ROW.ENTER | ROW.IN_FLIGHT])
  expect(seen([inFlight(NR.read, {}, { flags: ROW.COMPAT })], bits)).toEqual([ROW.ENTER | ROW.IN_FLIGHT | ROW.COMPAT])
})

test('the descriptor is the one that was open when the call started', () => {
  const w = new World(shell([file(3, '/old')]))
  const rows: RowSpec[] = [
    { type: 'close', time: 100, params: { fd: 3 } },
    { type: 'open', time: 200, ret: 3, params: { name: '/new', flags: 0 } },
    inFlight(NR.read, { arg0: 3 }, { latency: 450 }),
    inFlight(NR.read, { arg0: 3 }, { latency: 100 }),
  ]
  expect(seen(rows, (c) => c.fd?.name, w)).toEqual(['/old', '/new'])
})
