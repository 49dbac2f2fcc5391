// Moving into the past: the requested moment, what is shown meanwhile, and how to return to the present.
import { describe, expect, test } from 'vitest'
import type { Meter } from '../../../src/tui/worker/messages.js'
import { BACK, ENTER, meterOf, snapshot, Ui } from './ui.js'

/** now, by the header: ms since the epoch */
const NOW = 1_764_000_100_000
const SECOND = 1000
/** Ctrl-Left and Ctrl-Right: ten refreshes */
const FAR_BACK = '\x1b[1;5D'
const FAR_ON = '\x1b[1;5C'

const meter = (over: Partial<Meter> = {}): Meter =>
  meterOf({ retained: 42e9, time: NOW, timeline: new Array(60).fill(100), ...over })

/** A UI that retains the last 42 s, with a table of two processes. */
function retaining(over: Partial<Meter> = {}, ui = new Ui()): Ui {
  return ui.do({ kind: 'report', report: meter(over) }).rows(1, 2)
}

const status = (ui: Ui) => ui.text().split('\n')[0]

describe('[ and ]', () => {
  test('request the page at an earlier time, which is shown when it arrives', () => {
    const ui = retaining().type('[')
    expect(ui.lastAsk).toMatchObject({ view: 'procs', at: NOW - SECOND })
    expect(ui.text()).toContain('program 2')
    expect(status(ui)).toContain('PAUSED 1.0s ago  [ older  ] newer  p resumes')
    expect(ui.rows(8, 9).text()).toContain('program 9')
    expect(ui.type('[').lastAsk?.at).toBe(NOW - 2 * SECOND)
    expect(ui.type(FAR_BACK).lastAsk?.at).toBe(NOW - 12 * SECOND)
    expect(ui.type(']').lastAsk?.at).toBe(NOW - 11 * SECOND)
    expect(ui.type(FAR_ON).lastAsk?.at).toBe(NOW - SECOND)
    // after the latest moment follows the present
    expect(ui.type(']').lastAsk?.at).toBeUndefined()
    expect(status(ui.rows(1))).toContain('live')
  })

  test('go back as far as data are retained', () => {
    const ui = retaining()
    for (let i = 0; i < 5; i++) ui.type(FAR_BACK)
    expect(ui.lastAsk?.at).toBe(NOW - 41 * SECOND)
    expect(ui.type('[').text()).toContain('nothing older is retained')
    expect(ui.lastAsk?.at).toBe(NOW - 41 * SECOND)
  })

  test('remain at the moment when other pages are opened, and with another filter', () => {
    const ui = retaining().type('[').rows(8, 9).type(ENTER)
    expect(ui.lastAsk).toMatchObject({ view: 'threads', filter: 'proc.pid=8', at: NOW - SECOND })
    ui.rows(81).type(BACK)
    expect(ui.lastAsk).toMatchObject({ view: 'procs', at: NOW - SECOND })
    expect(ui.type('\\proc.name=a\r').lastAsk).toMatchObject({ filter: 'proc.name=a', at: NOW - SECOND })
  })

  test('start where it was paused', () => {
    const ui = retaining().type('p')
    const at = ui.state.result?.time ?? 0
    // the results in these tests are older than the retained data
    expect(ui.do({ kind: 'report', report: meter({ time: at + 5 * SECOND }) }).type('[').lastAsk?.at).toBe(at - SECOND)
  })

  test('show why nothing is available', () => {
    expect(retaining({ retained: undefined }).type('[').text()).toContain('no history retained (see --last)')
    expect(retaining({ retained: 0 }).type('[').text()).toContain('nothing older is retained')
    expect(retaining().type(']').text()).toContain('this is the present')
    const source = { kind: 'source', live: false, label: 'x', host: '', inside: { containers: false } } as const
    const file = new Ui({ file: 'x.ksys', source }).rows(1)
    expect(file.type('[').text()).toContain('there is no timeline yet')
  })

  test.each(['p', '\x1b'])('%j returns to the live view', (key) => {
    const ui = retaining().type('[').rows(8).type(key)
    expect(ui.lastAsk?.at).toBeUndefined()
    expect(ui.state.held).toBe(false)
  })
})

describe('the timeline', () => {
  const click = (ui: Ui, x: number) => ui.do({ kind: 'input', input: mouseAt(x, 2), at: 0 })
  const mouseAt = (x: number, y: number) => ({ type: 'mouse', action: 'press', button: 0, x, y }) as never

  test('leads to a moment by a click', () => {
    // the last bar is in the last cell but one
    expect(click(retaining(), 118).lastAsk?.at).toBeUndefined()
    expect(click(retaining(), 108).lastAsk?.at).toBe(NOW - 10 * SECOND)
    expect(click(retaining(), 20).lastAsk?.at).toBe(NOW - 41 * SECOND)
    expect(click(retaining(), 3).lastAsk?.at).toBeUndefined()
  })
})

test('shows a list at its end, wherever the user was in it', () => {
  const ui = retaining({}, new Ui({ width: 80, height: 12 })).type('d')
  ui.rows(...Array.from({ length: 50 }, (_, i) => i)).type('\x1b[H')
  expect(ui.text()).toContain('1/50')
  ui.type('[').rows(...Array.from({ length: 40 }, (_, i) => i))
  expect(ui.text()).toContain('40/40')
})

test('in a narrow terminal replaces the text', () => {
  for (const width of [40, 60, 80]) {
    const ui = retaining({}, new Ui({ width })).type('[').rows(1)
    expect(status(ui)).toContain('PAUSED 1.0s ago')
    for (const line of ui.cells()) expect(line.length).toBeLessThanOrEqual(width)
  }
})

describe('B', () => {
  test('captures buffers, which the header shows', () => {
    const ui = retaining()
    expect(ui.type('B').effects.at(-1)).toEqual({ kind: 'send', request: { kind: 'arm', armed: true } })
    expect(status(ui)).toContain('last 42s retained  host')
    expect(status(ui.do({ kind: 'report', report: meter({ armed: true }) }))).toContain(
      'last 42s retained with data  host',
    )
  })

  test('is mentioned on pages that show data, with the start of capturing', () => {
    const data = 'data since 12:34:56'
    const line = (width: number) => {
      const ui = retaining({}, new Ui({ width, masked: false })).type('e')
      ui.do({ kind: 'report', report: { ...snapshot(ui.state.number, [1]), data } })
      return ui.text().split('\n')[3]
    }
    expect(line(120)).toMatch(/^ filter proc\.pid=1 .*DATA SHOWN, B masks them {2}data since 12:34:56$/)
    expect(line(40)).toMatch(/^ filter proc\.pid=1 .*DATA SHOWN$/)
  })

  test('of a file shows data, and captures nothing', () => {
    const source = { kind: 'source', live: false, label: 'x', host: '', inside: { containers: false } } as const
    const ui = new Ui({ file: 'x.ksys', source }).rows(1).type('B')
    expect(ui.text()).toContain('data are shown: B masks them again')
    expect(ui.effects.some((e) => e.kind === 'send' && e.request.kind === 'arm')).toBe(false)
  })
})
