// Looks back: shows the page as it was at a past time, as far as recent calls are retained.
import { rangeOf, stepOf } from '../layout/timeline.js'
import { chosen, shownAt, timeText } from '../model/chosen.js'
import { NOTHING_CHOSEN, page, type Step, step, type UiState, withPage } from '../model/model.js'
import { requery } from '../model/query.js'
import { moveSpan } from './span.js'

/** Moves forward, or back if negative, by a number of refreshes. */
export function moveBy(s: UiState, refreshes: number): Step {
  if (s.chosen.span !== undefined) return moveSpan(s, s.chosen.span, refreshes)
  const from = shownAt(s)
  if (s.source?.live === false) return moveTo(s, (from ?? rangeOf(s)?.newest ?? 0) + refreshes * stepOf(s))
  if (from === undefined && refreshes > 0) return step({ ...s, note: 'this is the present: there is nothing newer' })
  return moveTo(s, (from ?? s.meter?.time ?? 0) + refreshes * s.refresh)
}

/** Goes to a time: ms since the epoch. */
export function moveTo(s: UiState, to: number): Step {
  if (s.source?.live === false) return pointTo(s, to)
  const { retained, time } = s.meter ?? {}
  if (retained === undefined || time === undefined)
    return step({ ...s, note: s.meter === undefined ? 'no history yet' : 'no history retained (see --last)' })
  if (to >= time) return now(s)
  const oldest = time - retained / 1e6 + s.refresh
  const from = shownAt(s)
  if (oldest >= time || (to < oldest && from !== undefined && from <= oldest && to < from))
    return step({ ...s, note: 'nothing older is retained' })
  const at = Math.max(to, oldest)
  const { state, effects } = requery({ ...chosen(s, { cursor: undefined, span: undefined }), at })
  // the present rows stay until the new ones arrive; a list is shown from its end
  const stays = { ...state, result: s.result, held: true }
  return step(page(s).view.table !== undefined ? stays : withPage(stays, { touched: false }), ...effects)
}

/** For a file, which is shown as a whole, a time is only a bound of a span. */
function pointTo(s: UiState, to: number): Step {
  const range = rangeOf(s)
  if (range === undefined) return step({ ...s, note: 'there is no timeline yet' })
  const cursor = Math.max(range.oldest, Math.min(to, range.newest))
  return step({ ...chosen(s, { cursor }), note: `${timeText(cursor)}: { starts a span here, } ends one` })
}

/** Returns to live rows. */
export function now(s: UiState): Step {
  return requery({ ...s, at: undefined, chosen: NOTHING_CHOSEN })
}
