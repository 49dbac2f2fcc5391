// A span of the timeline, to which all views are restricted: set with { and } at the time shown, or by dragging.
import { rangeOf, stepOf } from '../layout/timeline.js'
import { chosen, shownAt, timeText } from '../model/chosen.js'
import { NOTHING_CHOSEN, page, type Span, type Step, step, type UiState, withPage } from '../model/model.js'
import { requery } from '../model/query.js'

/** Starts a span at the time shown; its end follows. */
export function beginSpan(s: UiState): Step {
  const since = shownAt(s)
  if (s.chosen.span !== undefined)
    return step({ ...s, note: 'Esc removes the selected span; then { starts another one' })
  if (since === undefined)
    return step({ ...s, note: 'first go to the start of the span with [, or drag over the timeline' })
  return step({
    ...chosen(s, { since }),
    note: `span starts at ${timeText(since)}: go to its end with [ and ], then press }`,
  })
}

/** Ends the span at the time shown, or now; without a start it covers everything before. */
export function endSpan(s: UiState): Step {
  const { newest } = rangeOf(s) ?? {}
  if (newest === undefined) return step({ ...s, note: 'there is no timeline yet' })
  return setSpan(s, s.chosen.since ?? Number.NEGATIVE_INFINITY, shownAt(s) ?? newest)
}

/** Selects the span between two times (ms since the epoch), in either order. */
export function setSpan(s: UiState, one: number, other: number): Step {
  const range = rangeOf(s)
  if (range === undefined) return step({ ...s, note: 'there is no timeline yet' })
  if (s.source?.live === true && s.meter?.retained === undefined)
    return step({ ...chosen(s, NOTHING_CHOSEN), note: 'no history retained (see --last)' })
  const inside = (time: number) => Math.max(range.oldest, Math.min(time, range.newest))
  const [from, to] = [inside(Math.min(one, other)), inside(Math.max(one, other))]
  if (from >= to) return step({ ...s, note: 'that span is empty: go to another time before pressing }' })
  return applySpan(s, { from, to })
}

/** Moves the span by a number of steps of the timeline, within its range. */
export function moveSpan(s: UiState, { from, to }: Span, steps: number): Step {
  const range = rangeOf(s)
  if (range === undefined) return step(s)
  const wanted = steps * stepOf(s)
  const by = wanted < 0 ? Math.max(wanted, range.oldest - from) : Math.min(wanted, range.newest - to)
  if (by === 0 || by < 0 !== wanted < 0)
    return step({ ...s, note: `${wanted < 0 ? 'nothing older is retained' : 'there is nothing newer'}` })
  return applySpan(s, { from: from + by, to: to + by })
}

function applySpan(s: UiState, span: Span): Step {
  const { state, effects } = requery({ ...s, at: undefined, chosen: { ...NOTHING_CHOSEN, span } })
  // the present rows stay until the new ones arrive; a list is shown from its end
  const stays = { ...state, result: s.result }
  return step(page(s).view.table !== undefined ? stays : withPage(stays, { touched: false }), ...effects)
}
