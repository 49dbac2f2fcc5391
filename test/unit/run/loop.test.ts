// What the loop delivers to its sinks, with an artificial source.
import { expect, test, vi } from 'vitest'
import { batchBytes, EventBatch, ROW } from '../../../src/model/batch.js'
import type { Event } from '../../../src/model/event.js'
import { Loop, type LoopOptions } from '../../../src/run/loop.js'
import { KEEP, type Sink } from '../../../src/run/sink.js'
import { CODE_LIMIT } from '../../../src/schema/codes.js'
import { EVENTS, eventsByName } from '../../../src/schema/events/index.js'
import { allRows } from '../../../src/source/row-bounds.js'
import type { CaptureInfo, CaptureSource } from '../../../src/source/source.js'
import { captureNow } from '../../../src/source/source.js'
import { State } from '../../../src/state/state.js'
import { INFO } from '../../helpers/trace.js'

const info: CaptureInfo = { ...INFO, kind: 'ksys' }

/** Batches of rows given as [num, flags]; times are num seconds. */
function source(...batches: (readonly [num: number, flags: number])[][]): CaptureSource {
  let next = 0
  return {
    info,
    damage: [],
    snapshot: async () => ({ threads: [], users: [], groups: [] }),
    next: async () => {
      const rows = batches[next++]
      if (rows === undefined) return undefined
      const b = new EventBatch(new ArrayBuffer(batchBytes(64, 64)), 64, 64)
      b.count = rows.length
      rows.forEach(([num, flags], i) => {
        b.num[i] = num
        b.time[i] = num * 1e9
        b.flags[i] = flags
        b.type[i] = 7
      })
      return b
    },
    stats: () => ({ events: 0, lost: 0, late: 0 }),
    progress: () => undefined,
    stop: () => {},
    close: async () => {},
  }
}

function loopOver(s: CaptureSource, sinks: Sink[], more: Partial<LoopOptions> = {}): Loop {
  return new Loop({
    source: s,
    states: [new State(info)],
    predicate: undefined,
    sinks,
    ...more,
  })
}

const nothing = { threads: [], users: [], groups: [] }
const odd = (e: Event) => e.num % 2 === 1

test('hidden rows are applied to the state and not shown', async () => {
  const shown: number[] = []
  const applied: number[] = []
  const state = new State(info)
  state.apply = (e) => void applied.push(e.num)
  const p = loopOver(
    source([
      [1, 0],
      [2, ROW.HIDDEN],
      [3, 0],
    ]),
    [{ show: (e) => void shown.push(e.num) }],
    { states: [state] },
  )
  await p.run(nothing)
  expect(shown).toEqual([1, 3])
  expect(applied).toEqual([1, 2, 3])
  expect(p.seen).toBe(2)
})

test('rows of types that cannot pass are only counted, unless they change the state', async () => {
  const code = (name: string) => eventsByName(name).find((c) => (c & 1) === 1) as number
  const applied: number[] = []
  const evaluated: number[] = []
  const state = new State(info)
  state.apply = (e) => void applied.push(e.num)
  const s = source([
    [1, 0],
    [2, 0],
    [3, 0],
    [4, ROW.STATE],
    [5, ROW.HIDDEN],
  ])
  const next = s.next.bind(s)
  s.next = async () => {
    const batch = await next()
    batch?.type.set([code('read'), code('write'), code('sendto'), code('read'), code('read')])
    return batch
  }
  const types = new Uint8Array(CODE_LIMIT)
  types[code('write')] = 1
  const p = loopOver(s, [{ show: () => {} }], {
    states: [state],
    passing: { ...allRows(), types },
    predicate: (e) => evaluated.push(e.num) > 0,
  })
  await p.run(nothing)
  expect(applied).toEqual([2, 3, 4, 5])
  expect(evaluated).toEqual([2, 3, 4])
  expect(p.seen).toBe(4)
  expect(p.seenTypes[code('read')]).toBe(3)
})

test('a run limited to N events ends after the N-th that passed the filter', async () => {
  const shown: number[] = []
  const p = loopOver(
    source(
      [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
      [
        [5, 0],
        [7, 0],
      ],
    ),
    [{ show: (e) => void shown.push(e.num) }],
    {
      predicate: odd,
      limit: 3,
    },
  )
  await p.run(nothing)
  expect(shown).toEqual([1, 3, 5])
  expect(p.shown).toBe(3)
})

test('a run limited in time counts from the first event of a file', async () => {
  const shown: number[] = []
  await loopOver(
    source(
      [
        [10, 0],
        [12, 0],
        [13, 0],
      ],
      [[14, 0]],
    ),
    [{ show: (e) => void shown.push(e.num) }],
    {
      duration: 2.5e9,
    },
  ).run(nothing)
  expect(shown).toEqual([10, 12])
})

test('a writer gets passing rows as shown, and those that only the state needs as hidden', async () => {
  const kept: number[][] = []
  const writer: Sink = { batch: (b, keep) => void kept.push([...keep.subarray(0, b.count)]) }
  await loopOver(
    source([
      [1, 0],
      [2, 0],
      [4, ROW.STATE],
      [6, ROW.STATE | ROW.HIDDEN],
      [7, 0],
      [9, 0],
    ]),
    [writer],
    {
      predicate: odd,
      limit: 2,
    },
  ).run(nothing)
  expect(kept).toEqual([[KEEP.SHOWN, KEEP.DROP, KEEP.HIDDEN, KEEP.HIDDEN, KEEP.SHOWN, KEEP.DROP]])
})

test('a full sink is flushed before the next row', async () => {
  let held = 0
  let most = 0
  const sink: Sink = {
    show: () => {
      held++
      most = Math.max(most, held)
    },
    get full() {
      return held >= 2
    },
    flush: async () => {
      held = 0
    },
  }
  await loopOver(
    source([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
      [5, 0],
    ]),
    [sink],
  ).run(nothing)
  expect(most).toBe(2)
})

test('end() of the sinks is called once, after the last event', async () => {
  const calls: string[] = []
  await loopOver(source([[1, 0]], []), [
    { show: (e) => void calls.push(`${e.num}`), end: () => void calls.push('end') },
  ]).run(nothing)
  expect(calls).toEqual(['1', 'end'])
})

test('a jump of the wall clock without events neither ends a run nor prevents its end', async () => {
  const start = Date.now()
  const live: CaptureInfo = {
    ...info,
    kind: 'live',
    startSec: Math.floor(start / 1000),
    startNsec: (start % 1000) * 1e6,
  }
  const run = async (seconds: number) => {
    let batches = 0
    const next = async () => {
      const nothingYet = new EventBatch()
      nothingYet.time[0] = captureNow(live)
      return batches++ < 5 ? nothingYet : undefined
    }
    const idle = { ...source(), info: live, next }
    await loopOver(idle, [], { duration: seconds * 1e9 }).run(nothing)
    return batches
  }
  const clock = vi.spyOn(Date, 'now')
  try {
    clock.mockReturnValue(start + 3_600_000)
    expect(await run(60)).toBe(6)
    clock.mockReturnValue(start - 3_600_000)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await run(0.001)).toBe(1)
  } finally {
    clock.mockRestore()
  }
})

/** A capture of several hosts, each with these batches. */
function hosts(...members: CaptureSource[]): CaptureSource {
  return { ...source(), members }
}

/** A loop over several hosts; `applied`: the events applied to their states, as host:num. */
function overHosts(members: CaptureSource[], sinks: Sink[], more: Partial<LoopOptions> = {}) {
  const applied: string[] = []
  const states = members.map((_, host) => {
    const state = new State(info, host)
    state.apply = (e) => void applied.push(`${host}:${e.num}`)
    return state
  })
  return { loop: loopOver(hosts(...members), sinks, { states, ...more }), applied }
}

const rows = (...nums: number[]): [number, number][] => nums.map((num) => [num, 0])

/** A sink that records which rows it gets to keep, as host:num,num. */
function keeper(given: string[]): Sink {
  return {
    batch: (batch, _, from, to, host) => void given.push(`${host}:${[...batch.num.subarray(from, to)].join()}`),
  }
}

test('rows of several hosts are processed in the order of their times, each with the state of its host', async () => {
  const shown: string[] = []
  const { loop, applied } = overHosts(
    [source(rows(1, 4), rows(5, 9)), source(rows(2, 3, 5), [], rows(7))],
    [{ show: (e) => void shown.push(`${e.host}:${e.num}`) }],
  )
  await loop.run(nothing)
  expect(shown).toEqual(['0:1', '1:2', '1:3', '0:4', '0:5', '1:5', '1:7', '0:9'])
  expect(applied).toEqual(shown)
  expect([loop.seen, loop.lastTime, loop.first.time]).toEqual([8, 9e9, 1e9])
})

test('the first event is that of the earliest host, also where the first batch of one is empty', async () => {
  const { loop } = overHosts([source(rows(3, 4)), source([], rows(2))], [{}])
  await loop.run(nothing)
  expect(loop.first.time).toBe(2e9)
})

test('where two captures meet, a sink has the rows of all hosts before, and none after', async () => {
  const given: string[] = []
  const seams: number[] = []
  const sink: Sink & { seamAt: number } = {
    ...keeper(given),
    seamAt: 4e9,
    seam: (time) => {
      seams.push(time)
      given.push('|')
      sink.seamAt = Number.POSITIVE_INFINITY
    },
  }
  const { loop } = overHosts([source(rows(1, 5, 6)), source(rows(2, 3, 7))], [sink])
  await loop.run(nothing)
  expect(seams).toEqual([5e9])
  expect(given).toEqual(['0:1', '1:2,3', '|', '0:5,6', '1:7'])
})

test('rows after a limit in the middle of a batch are not delivered', async () => {
  const given: string[] = []
  const { loop } = overHosts([source(rows(1, 3, 5)), source(rows(2, 4, 6))], [keeper(given), { show: () => {} }], {
    limit: 3,
  })
  await loop.run(nothing)
  expect(given.sort()).toEqual(['0:1,3', '1:2'])
  expect(loop.shown).toBe(3)
})

test('a full sink is flushed before the next row of any host', async () => {
  let gathered = 0
  let most = 0
  const sink: Sink = {
    get full() {
      return gathered > 0
    },
    show: () => {
      gathered++
      most = Math.max(most, gathered)
    },
    flush: () => {
      gathered = 0
    },
  }
  const { loop } = overHosts([source(rows(1, 2, 5)), source(rows(3, 4, 6))], [sink])
  await loop.run(nothing)
  expect([most, loop.shown]).toEqual([1, 6])
})

test('the meaning of a code is defined by the tables of its host', async () => {
  const names: string[] = []
  const own = source(rows(1))
  const foreign = {
    ...source(rows(2)),
    tables: {
      defs: Array.from(
        { length: CODE_LIMIT },
        (_, code) => ({ code, name: `x${code}`, category: 'other', params: [] }) as never,
      ),
      layouts: [],
    },
  }
  const { loop } = overHosts([own, foreign], [{ show: (e) => void names.push(e.def.name) }])
  await loop.run(nothing)
  expect(names).toEqual([EVENTS[7]?.name, 'x7'])
})

test('a live run without events has reached the time of the empty batch, however late it is processed', async () => {
  const live: CaptureInfo = { ...info, kind: 'live', startSec: Math.floor(Date.now() / 1000) - 60 }
  const empty = new EventBatch()
  let asked = 0
  const idle = { ...source(), info: live, next: async () => (asked++ === 0 ? empty : undefined) }
  empty.time[0] = captureNow(live) - 5e9
  const at = empty.time[0] as number
  const reached: number[] = []
  const ticks: number[] = []
  const ticker = {
    due: at - 1e9,
    tick(time: number) {
      ticks.push(time)
      this.due += 2e9
    },
  }
  const loop: Loop = loopOver(idle, [], { ticker, duration: at + 1e9, onBatch: () => void reached.push(loop.reached) })
  await loop.run(nothing)
  expect(reached[0]).toBe(at)
  // an interval that ends later has not ended yet, nor has the run
  expect(ticks).toEqual([at])
  expect(asked).toBe(2)
})

test('the end of a live run that is limited in time also ends its last interval: the ticker is not called for it', async () => {
  const live: CaptureInfo = { ...info, kind: 'live', startSec: Math.floor(Date.now() / 1000) - 60 }
  const empty = new EventBatch()
  empty.time[0] = captureNow(live) - 5e9
  const limit = (empty.time[0] as number) - 1e6
  const ticks: number[] = []
  const ticker = { due: limit, tick: (time: number) => void ticks.push(time) }
  let asked = 0
  const idle = { ...source(), info: live, next: async () => (asked++ === 0 ? empty : undefined) }
  await loopOver(idle, [], { ticker, duration: limit }).run(nothing)
  expect([ticks, asked]).toEqual([[], 1])
})
