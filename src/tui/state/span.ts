// A span of the timeline, which every view then speaks of: chosen with { and } at the moments shown, or by dragging over it.
import { rangeOf, stepOf } from '../layout/timeline.js'
import { chosen, shownAt, timeText } from './chosen.js'
import { NOTHING_CHOSEN, page, type Span, type Step, step, type UiState, withPage } from './model.js'
import { requery } from './query.js'

/** The span begins at the moment shown; where it ends is still to come. */
export function beginSpan(s: UiState): Step {
  const since = shownAt(s)
  if (s.chosen.span !== undefined)
    return step({ ...s, note: 'Esc ends the span that is chosen; then { begins another one' })
  if (since === undefined)
    return step({ ...s, note: '[ goes to the moment where a span is to begin; or drag over the timeline' })
  return step({
    ...chosen(s, { since }),
    note: `a span begins at ${timeText(since)}: [ and ] go to its end, } ends it`,
  })
}

/** The span ends at the moment shown, or now; without a beginning it has all that was before. */
export function endSpan(s: UiState): Step {
  const { newest } = rangeOf(s) ?? {}
  if (newest === undefined) return step({ ...s, note: 'there is no timeline yet' })
  return setSpan(s, s.chosen.since ?? Number.NEGATIVE_INFINITY, shownAt(s) ?? newest)
}

/** All between two moments (ms since the epoch), whichever is first. */
export function setSpan(s: UiState, one: number, other: number): Step {
  const range = rangeOf(s)
  if (range === undefined) return step({ ...s, note: 'there is no timeline yet' })
  if (s.source?.live === true && s.meter?.kept === undefined)
    return step({ ...chosen(s, NOTHING_CHOSEN), note: 'nothing is kept: see --last' })
  const inside = (time: number) => Math.max(range.oldest, Math.min(time, range.newest))
  const [from, to] = [inside(Math.min(one, other)), inside(Math.max(one, other))]
  if (from >= to) return step({ ...s, note: 'that span has no length: go to another moment before } ends it' })
  return applySpan(s, { from, to })
}

/** Moves the span by so many steps of the timeline, as far as there is something. */
export function moveSpan(s: UiState, { from, to }: Span, steps: number): Step {
  const range = rangeOf(s)
  if (range === undefined) return step(s)
  const wanted = steps * stepOf(s)
  const by = wanted < 0 ? Math.max(wanted, range.oldest - from) : Math.min(wanted, range.newest - to)
  if (by === 0 || by < 0 !== wanted < 0)
    return step({ ...s, note: `nothing ${wanted < 0 ? 'older is kept' : 'newer is there'}` })
  return applySpan(s, { from: from + by, to: to + by })
}

function applySpan(s: UiState, span: Span): Step {
  const { state, effects } = requery({ ...s, at: undefined, chosen: { ...NOTHING_CHOSEN, span } })
  // what is shown stays until the other is there; a list is seen at its end
  const stays = { ...state, result: s.result }
  return step(page(s).view.table !== undefined ? stays : withPage(stays, { touched: false }), ...effects)
}
