// A span of the timeline: how it is selected, the query and the view of it; and the marks on the timeline.

import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { timesPassing } from '../../../src/filter/index.js'
import { batchNs, bootNs } from '../../../src/model/time.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { CODE } from '../../../src/schema/codes.js'
import { momentOf, SIGNS } from '../../../src/tui/layout/timeline.js'
import { Counters } from '../../../src/tui/worker/counters.js'
import { planView } from '../../../src/tui/worker/plan-view.js'
import { TableAt } from '../../../src/tui/worker/table-at.js'
import { TimeMarks } from '../../../src/tui/worker/time-marks.js'
import type { View } from '../../../src/views/define.js'
import { context } from '../fields/evaluate.js'
import { info, World } from '../state/world.js'
import { inMemory, ofFile, ofMemory } from './retained.js'
import { BACK, ENTER, meterOf, Ui, views } from './ui.js'

/** the end of the timeline: ms since the epoch */
const NOW = 1_764_000_100_000
const SECOND = 1000
const ESC = '\x1b'

/** A live UI that retains the last 42 s. */
function live(): Ui {
  const meter = meterOf({ retained: 42e9, time: NOW, timeline: new Array(60).fill(100) })
  return new Ui().do({ kind: 'report', report: meter }).rows(1, 2)
}

/** A file of 109 s, whose bars are a second and a cell each. */
function file(): Ui {
  const source = { kind: 'source', live: false, label: 'x', host: '', inside: { containers: false } } as const
  const meter = meterOf({ timeline: new Array(109).fill(100), begins: NOW - 109 * SECOND, span: 109e9 })
  return new Ui({ file: 'x.ksys', source }).do({ kind: 'report', report: meter }).rows(1, 2)
}

const range = (from: number, to: number) =>
  `evt.rawtime>=${NOW - from * SECOND}000000 and evt.rawtime<${NOW - to * SECOND}000000`

const mouse = (ui: Ui, action: string, x: number) =>
  ui.do({ kind: 'input', input: { type: 'mouse', action, button: 0, x, y: 2 } as never, at: 0 })

describe('a live span', () => {
  test('starts with { at the shown moment, and ends with } there; all pages are limited to it, until Esc', () => {
    const ui = live().type('[[[[[').rows(8)
    expect(ui.type('{').text()).toMatch(
      /span starts at \d\d:\d\d:\d\d\.000: go to its end with \[ and \], then press \}/,
    )
    expect(ui.type(']]').rows(9).type('}').lastAsk).toMatchObject({ view: 'procs', filter: range(5, 3), at: undefined })
    expect(ui.rows(7).text().split('\n')[0]).toContain('SPAN of 2.0s  [ ] move it  Esc resumes')
    expect(ui.text()).toMatch(/^ span \d\d:\d\d:\d\d\.000 to \d\d:\d\d:\d\d\.000 {2}filter none/m)
    expect(ui.type(ENTER).lastAsk?.filter).toBe(`(proc.pid=7) and (${range(5, 3)})`)
    expect(ui.type(BACK).lastAsk?.filter).toBe(range(5, 3))
    expect(ui.type('[').lastAsk?.filter).toBe(range(6, 4))
    expect(ui.type(ESC).lastAsk).toMatchObject({ filter: '', at: undefined })
    expect(ui.rows(1).text()).not.toContain('span')
  })

  test('without a start has all retained data, without an end it extends to the present', () => {
    expect(live().type('[').rows(8).type('}').lastAsk?.filter).toBe(range(42, 1))
    expect(live().type('[[').rows(8).type('{p}').lastAsk?.filter).toBe(range(42, 0))
  })

  test('cannot be moved beyond the retained data, nor be empty', () => {
    const ui = live().type('[').rows(8).type('}').rows(8)
    expect(ui.type('[').text()).toContain('nothing older is retained')
    expect(ui.type(']').lastAsk?.filter).toBe(range(41, 0))
    expect(ui.rows(8).type(']').text()).toContain('there is nothing newer')
    expect(live().type('[').rows(8).type('{}').text()).toContain('that span is empty')
    expect(live().type('{').text()).toContain('first go to the start of the span with [')
  })

  test('can be dragged with the mouse, in either direction', () => {
    for (const [from, to] of [
      [98, 108],
      [108, 98],
    ] as const) {
      const ui = live()
      mouse(ui, 'press', from)
      mouse(ui, 'drag', (from + to) / 2)
      expect(ui.state.chosen.since).toBeDefined()
      mouse(ui, 'drag', to)
      expect(mouse(ui, 'release', to).lastAsk?.filter).toBe(range(20, 10))
      expect(ui.state.chosen).toMatchObject({ since: undefined, cursor: undefined, pressed: undefined })
    }
  })
})

describe('a span of a file', () => {
  test('is selected with { and }; [ and ] move on the timeline', () => {
    const ui = file()
    const query = ui.lastAsk
    expect(ui.type('[[[').text()).toMatch(/\d\d:\d\d:\d\d\.000: \{ starts a span here, \} ends one/)
    expect(ui.type('{[[').lastAsk).toBe(query)
    expect(ui.type('}').lastAsk?.filter).toBe(range(5, 3))
    expect(ui.rows(1).text()).toMatch(
      /^ span \d\d:\d\d:\d\d\.000 to .* {2}filter none .*numbers above: the whole file/m,
    )
    expect(ui.type(':command\r').text()).toContain(`-r x.ksys '${range(5, 3)}'`)
    expect(ui.type(ESC).type(ESC).lastAsk?.filter).toBe('')
  })

  test('has its own pages: what was shown for another span is not shown', () => {
    const ui = file().type('\x1b[B').type(ENTER).rows(3).type('[[[}').rows(4)
    expect(ui.type(BACK).state.result).toBeUndefined()
  })

  test('can be selected with the mouse; Esc before the button is released cancels this', () => {
    const ui = mouse(mouse(file(), 'press', 98), 'drag', 108)
    expect(momentOf(ui.state, 98)).toBe(NOW - 20 * SECOND)
    expect(mouse(ui, 'release', 108).lastAsk?.filter).toBe(range(20, 10))
    const other = mouse(mouse(file(), 'press', 98), 'drag', 108).type(ESC)
    expect(mouse(other, 'release', 108).lastAsk?.filter).toBe('')
  })
})

test('a query for a span has the same result for a file and for retained events', async () => {
  const BUILD = fileURLToPath(new URL('../../../captures/build.ksys', import.meta.url))
  const source = await openTrace(BUILD)
  const { startSec, startNsec } = source.info
  const first = Math.floor((await source.next())?.time[0] as number)
  await source.close()
  const start = BigInt(startSec) * 1_000_000_000n + BigInt(startNsec)
  const [from, before] = [first + 20e6, first + 40e6]
  const filter = `evt.rawtime>=${start + BigInt(from)} and evt.rawtime<${start + BigInt(before)}`
  const rings = await inMemory(BUILD, 1000)
  for (const id of ['syscalls', 'dig', 'spectro_all']) {
    const view = views.find((v) => v.id === id) as View
    const plan = planView(
      view,
      { filter, inside: { containers: false }, sort: undefined, apart: false, data: 'masked' },
      5,
    )
    const times = plan.filter && timesPassing(plan.filter, source.info)
    expect(times).toEqual({ lo: from, hi: before })
    const bounds = { from: bootNs(from), before: bootNs(before), all: true }
    let { rows: kept } = await ofMemory(rings, plan, bounds)
    if (plan.restarts) {
      const moment = new TableAt(rings, plan, bounds, () => undefined)
      await moment.run()
      kept = moment.reading?.builder?.take(moment.reading.span, plan.most, undefined).rows ?? []
      expect(moment.reading?.span).toBe(20e6)
      await moment.stop()
    }
    const calls = (rows: readonly { cells: readonly unknown[] }[]) =>
      id === 'dig' ? rows.length : id === 'syscalls' ? rows.map((r) => [r.cells.at(-1), r.cells[0]]).sort() : undefined
    const { rows } = await ofFile(BUILD, plan)
    expect(rows.length, id).toBeGreaterThan(3)
    expect(calls(kept), id).toEqual(calls(rows))
  }
  await rings.end()
})

describe('a mark on the timeline', () => {
  test('is at its bar, for the most important event, and explained in the help', () => {
    const marks = [
      { bar: 50, kind: 'container' },
      { bar: 50, kind: 'loss' },
      { bar: 59, kind: 'ceiling' },
    ] as const
    const meter = meterOf({ retained: 42e9, time: NOW, timeline: new Array(60).fill(100), marks })
    const ui = new Ui().do({ kind: 'report', report: meter }).rows(1)
    const line = ui.cells()[2] ?? ''
    expect([line[10 + 109 - 10], line[10 + 109 - 1], line[10 + 109 - 2]]).toEqual(['!', '%', '█'])
    const help = ui.type('?\x1b[F').text()
    for (const { sign, doc } of SIGNS) expect(help).toContain(`${sign.padEnd(22)}${doc.slice(0, 30)}`)
  })

  test('is a single one if several bars share a cell', () => {
    const ui = file()
    const timeline = new Array(218).fill(1)
    ui.do({ kind: 'report', report: meterOf({ timeline, marks: [{ bar: 101, kind: 'loss' }], span: 1e9 }) })
    expect(ui.cells()[2]?.[10 + 50]).toBe('!')
  })

  test('exists for the event for which a recorder wrote the file', () => {
    const w = new World()
    const counters = new Counters(false)
    counters.attach({ ...context(), info: { ...info, trigger: batchNs(3_500_000) }, states: [w.state] })
    w.play(
      [1, 9].map((ms) => ({ type: 'getppid', tid: 1, time: ms * 1e6 })),
      (e) => counters.add(e),
    )
    const { marks, timeline } = counters.read(1e9, {
      lost: 0,
      stateLost: 0,
      leftOut: 0,
      retained: undefined,
      armed: false,
    })
    expect(timeline).toHaveLength(9)
    expect(marks).toEqual([{ bar: 2, kind: 'trigger' }])
  })

  test('counts events by step, each kind once', () => {
    const marks = new TimeMarks()
    for (const step of [4, 4, 7]) marks.event(CODE.drop, step)
    marks.event(CODE.throttle, 6)
    marks.event(CODE.oomkill, 7)
    marks.event(1, 5)
    marks.join()
    expect(marks.between(2, 4)).toEqual([
      { bar: 0, kind: 'loss' },
      { bar: 1, kind: 'loss' },
      { bar: 1, kind: 'ceiling' },
      { bar: 1, kind: 'oom' },
    ])
    expect(marks.between(3, 4)).toHaveLength(3)
  })
})
