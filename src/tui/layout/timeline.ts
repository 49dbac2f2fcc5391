// Times on the timeline: live, a bar for each step, the newest at the right; for a file, all of it. Also the signs of
// marked events.

import { shownAt } from '../model/chosen.js'
import type { UiState } from '../model/model.js'
import type { MarkKind } from '../worker/messages.js'
import { layout } from './layout.js'
import type { Role } from './spans.js'

/** cells before and after the bars */
const BEFORE = 10
const BEHIND = 1

/** Width in cells of the bars. */
export function barsWidth(width: number): number {
  return Math.max(10, width - BEFORE - BEHIND)
}

/** What is marked on the timeline, in cells from its first bar. */
export interface Marks {
  /** the first retained one */
  readonly retainedFrom: number
  /** the time shown; undefined: now, or a time before the first bar */
  readonly at: number | undefined
  /** the selected or started span: its first cell and the one after its last; both 0 without a span */
  readonly from: number
  readonly to: number
}

/** The range of the timeline, and of the times that can be shown: ms since the epoch. */
interface Range {
  readonly begin: number
  readonly end: number
  /** the oldest and the newest retained time */
  readonly oldest: number
  readonly newest: number
}

/** undefined while nothing is known of it, or without events. */
export function rangeOf(s: UiState): Range | undefined {
  const { meter, source, width } = s
  if (meter === undefined || source === undefined) return undefined
  const { time, step, timeline, begins, retained = 0 } = meter
  if (source.live)
    return { begin: time - (barsWidth(width) * step) / 1e6, end: time, oldest: time - retained / 1e6, newest: time }
  if (timeline.length === 0) return undefined
  const end = begins + (timeline.length * step) / 1e6
  return { begin: begins, end, oldest: begins, newest: end }
}

/** Length of a step on the timeline in ms: a refresh; for a file, a cell. */
export function stepOf(s: UiState): number {
  const range = rangeOf(s)
  return s.source?.live !== false || range === undefined ? s.refresh : (range.end - range.begin) / barsWidth(s.width)
}

export function marksOf(s: UiState): Marks {
  const room = barsWidth(s.width)
  const range = rangeOf(s)
  if (range === undefined) return { retainedFrom: s.source?.live === false ? 0 : room, at: undefined, from: 0, to: 0 }
  const { begin, end } = range
  // the end time of a bar belongs to that bar
  const cell = (time: number) => Math.ceil(((time - begin) / (end - begin)) * room - 1e-6) - 1
  const inside = (at: number) => Math.max(0, Math.min(room, at))
  const moment = shownAt(s)
  const at = moment === undefined ? -1 : Math.min(room - 1, cell(moment))
  const { span, since } = s.chosen
  const from = span?.from ?? since
  const to = span?.to ?? moment ?? end
  const marked = from === undefined ? { from: 0, to: 0 } : { from: Math.min(from, to), to: Math.max(from, to) }
  return {
    retainedFrom: inside(cell(range.oldest)),
    at: at < 0 ? undefined : at,
    from: from === undefined ? 0 : inside(cell(marked.from) + 1),
    to: from === undefined ? 0 : inside(cell(marked.to) + 1),
  }
}

/** The time at a position of the screen: ms since the epoch; undefined outside the timeline. */
export function momentAt(s: UiState, x: number, y: number): number | undefined {
  const from = layout(s).timelineAt
  const cell = x - BEFORE
  if (y < from || y >= from + layout(s).timeline || cell < 0 || cell >= barsWidth(s.width)) return undefined
  return momentOf(s, x)
}

/** The time at a column of the screen, on any line. */
export function momentOf(s: UiState, x: number): number | undefined {
  const range = rangeOf(s)
  if (range === undefined) return undefined
  const room = barsWidth(s.width)
  const cell = Math.max(0, Math.min(room, x - BEFORE + 1))
  return range.begin + (cell * (range.end - range.begin)) / room
}

export interface Sign {
  readonly kind: MarkKind
  readonly sign: string
  readonly role: Role
  readonly doc: string
}

export const SIGNS: readonly Sign[] = [
  { kind: 'loss', sign: '!', role: 'bad', doc: 'events were lost' },
  {
    kind: 'ceiling',
    sign: '%',
    role: 'warn',
    doc: 'a ceiling of the recording started or ended: calls of a cgroup were only counted',
  },
  { kind: 'alert', sign: '^', role: 'bad', doc: 'a rule fired (--rules)' },
  { kind: 'oom', sign: 'x', role: 'bad', doc: 'the OOM killer ended a process (oomkill)' },
  { kind: 'trigger', sign: '*', role: 'accent', doc: 'the event for which a recorder wrote this file' },
  { kind: 'container', sign: '+', role: 'good', doc: 'a container started, or was seen for the first time' },
]
