// The lines above the table: where the person is, the machine's numbers, its last minutes, the filter.

import { age, kept } from '../state/history.js'
import type { UiState } from '../state/model.js'
import { countsPart, wholeFilter } from '../state/question.js'
import { clean } from '../terminal/width.js'
import type { Meter } from '../worker/messages.js'
import { bytes, count, span } from './numbers.js'
import { bothEnds, fitLine, lineWidth } from './spans.js'
import type { Role, Span } from './theme.js'

/** Name of the program, the way down to the present page, and what is captured. */
export function titleLine(s: UiState, width: number): Span[] {
  const left: Span[] = [[' ksys ', 'barAccent']]
  for (const [i, p] of s.pages.entries()) {
    if (i > 0) left.push([' › ', 'barDim'], [clean(p.drill?.label ?? ''), 'bar'], [' ', 'bar'])
    left.push([`${p.view.name}`, i === s.pages.length - 1 ? 'barAccent' : 'barDim'])
  }
  const right: Span[] = [[`${stateWord(s)} `, 'bar']]
  return bothEnds(shorten(left, width - lineWidth(right) - 1), right, width, 'bar')
}

/** A way that is too long loses its beginning. */
function shorten(spans: Span[], width: number): Span[] {
  let out = spans
  while (lineWidth(out) > width && out.length > 4)
    out = [out[0] as Span, ['…', 'barDim'], ...out.slice(out[1]?.[0] === '…' ? 3 : 2)]
  return out
}

function stateWord(s: UiState): string {
  const { source, answer } = s
  if (s.failed !== undefined) return 'STOPPED'
  if (s.held)
    return age(s) > 0 ? `PAUSED ${span(age(s) * 1e6)} ago  [ older  ] newer  p goes on` : 'PAUSED  [ older  p goes on'
  if (source === undefined) return 'starting …'
  const where = clean(source.live ? source.host : source.label)
  if (answer?.progress !== undefined && !answer.cancelled)
    return `reading ${Math.floor(answer.progress * 100)} % (Esc stops)  ${where}`
  if (answer?.cancelled) return `read in part  ${where}`
  if (!source.live) return s.damaged ? `DAMAGED  ${where}` : where
  return kept(s) > 0 ? `live, keeps ${span(kept(s) * 1e6)}  ${where}` : `live  ${where}`
}

/** Calls, errors, bytes, losses and ksys's own cost, as many of them as fit whole. */
export function meterLine(s: UiState, width: number): Span[] {
  const m = s.meter
  if (m === undefined) return fitLine([[' waiting for the first numbers', 'dim']], width)
  const gap: Span = [width < 110 ? '  ' : '   ', 'text']
  let items = meterItems(s, m)
  const line = () => items.flatMap(({ spans }, i): Span[] => [i === 0 ? [' ', 'text'] : gap, ...spans])
  while (items.length > 1 && lineWidth(line()) > width) {
    const first = Math.max(...items.map((i) => i.yields))
    items = items.filter((i) => i.yields !== first)
  }
  return fitLine(line(), width)
}

/** One thing that the header counts; where not all fit, those with more `yields` are left out first. */
interface Item {
  readonly yields: number
  readonly spans: readonly Span[]
}

function meterItems(s: UiState, m: Meter): Item[] {
  const item = (yields: number, label: string, value: string, role: Role = 'strong', after = ''): Item => ({
    yields,
    spans: [
      [`${label} `, 'dim'],
      [value, role],
      [after, 'dim'],
    ],
  })
  const pair = (yields: number, label: string, i: number, o: number): Item => ({
    yields,
    spans: [
      [`${label} `, 'dim'],
      [`↓${bytes(i)}`, i > 0 ? 'strong' : 'dim'],
      [' ', 'text'],
      [`↑${bytes(o)}`, o > 0 ? 'strong' : 'dim'],
      ['/s', 'dim'],
    ],
  })
  const traffic = [
    item(0, 'calls', count(m.calls), 'strong', '/s'),
    item(2, 'errors', count(m.errors), m.errors > 0 ? 'warn' : 'strong', '/s'),
    pair(4, 'net', m.netIn, m.netOut),
    pair(5, 'disk', m.diskIn, m.diskOut),
  ]
  const lost = m.lost > 0 ? item(1, 'lost', count(m.lost), 'bad') : item(7, 'lost', '0')
  if (s.source?.live !== false)
    return [...traffic, lost, item(6, 'ksys', `${s.own.toFixed(1)}%`, s.own > 100 ? 'warn' : 'strong', ' CPU')]
  const read = [item(6, 'events', count(m.events)), item(7, 'over', span(m.span))]
  return [...traffic, ...read, ...(m.lost > 0 ? [lost] : [])]
}

const BLOCKS = ' ▁▂▃▄▅▆▇█'

/** Calls over time: live the last minutes, of a file all of it. `lines`: 1 or 2. */
export function timelineLines(s: UiState, width: number, lines: number): Span[][] {
  if (lines === 0) return []
  const m = s.meter
  const live = s.source?.live !== false
  const bars = m?.timeline ?? []
  const most = Math.max(0, ...bars)
  const label = m === undefined || bars.length === 0 ? '' : ` ${count((most * 1e9) / m.step)}/s`
  const room = Math.max(10, width - 10 - 1)
  const shown = live ? bars.slice(-room) : resample(bars, room)
  const from = m === undefined ? '' : live ? `-${span(shown.length * m.step)}` : span(m.span)
  const out: Span[][] = []
  for (let line = lines - 1; line >= 0; line--) {
    let text = ''
    for (const v of shown) {
      const eighths = most === 0 ? 0 : Math.ceil((v / most) * 8 * lines)
      text += BLOCKS[Math.max(0, Math.min(8, eighths - 8 * line))]
    }
    const side = line === lines - 1 ? label : from
    const pad = live ? ' '.repeat(room - shown.length) : ''
    out.push(
      fitLine(
        [
          [lines === 1 ? ` ${from.padEnd(8)} ` : ` ${side.trim().padEnd(8)} `, 'dim'],
          [pad, 'text'],
          [text, 'graph'],
        ],
        width,
      ),
    )
  }
  return out
}

/** Bars made fewer by adding neighbours, or more by repeating them, so that they fill `room`. */
function resample(bars: readonly number[], room: number): number[] {
  if (bars.length === 0) return []
  const out = new Array<number>(room).fill(0)
  if (bars.length <= room) return out.map((_, i) => bars[Math.floor((i * bars.length) / room)] as number)
  for (const [i, v] of bars.entries()) out[Math.floor((i * room) / bars.length)]! += v
  return out
}

/** The filter in force, and what the numbers above it are of: they go by no filter. */
export function filterLine(s: UiState, width: number): Span[] {
  const filter = wholeFilter(s)
  const left: Span[] = [[' filter ', 'dim'], filter === '' ? ['none', 'dim'] : [clean(filter), 'accent']]
  const of = countsPart(s)
    ? 'what this page captures'
    : s.source?.live === false
      ? 'the whole file'
      : 'the whole machine'
  const note = (text: string): Span[] => [[`  ${text} `, 'dim']]
  const long = note(`numbers above: ${of}`)
  const short = note(countsPart(s) ? 'above: captured' : 'above: unfiltered')
  return bothEnds(left, lineWidth(left) + lineWidth(long) <= width ? long : short, width, 'text')
}
