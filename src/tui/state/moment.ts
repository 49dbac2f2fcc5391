// Looking back: the page as it was at a moment, as far as the last calls are kept.
import { rangeOf, stepOf } from '../layout/timeline.js'
import { chosen, shownAt, timeText } from './chosen.js'
import { NOTHING_CHOSEN, page, type Step, step, type UiState, withPage } from './model.js'
import { requery } from './query.js'
import { moveSpan } from './span.js'

/** Goes on (or back, below 0) by so many refreshes. */
export function moveBy(s: UiState, refreshes: number): Step {
  if (s.chosen.span !== undefined) return moveSpan(s, s.chosen.span, refreshes)
  const from = shownAt(s)
  if (s.source?.live === false) return moveTo(s, (from ?? rangeOf(s)?.newest ?? 0) + refreshes * stepOf(s))
  if (from === undefined && refreshes > 0) return step({ ...s, note: 'this is now: nothing newer is there' })
  return moveTo(s, (from ?? s.meter?.time ?? 0) + refreshes * s.refresh)
}

/** Goes to a moment: ms since the epoch. */
export function moveTo(s: UiState, to: number): Step {
  if (s.source?.live === false) return pointTo(s, to)
  const { kept, time } = s.meter ?? {}
  if (kept === undefined || time === undefined)
    return step({ ...s, note: s.meter === undefined ? 'nothing is kept yet' : 'nothing is kept: see --last' })
  if (to >= time) return now(s)
  const oldest = time - kept / 1e6 + s.refresh
  const from = shownAt(s)
  if (oldest >= time || (to < oldest && from !== undefined && from <= oldest && to < from))
    return step({ ...s, note: 'nothing older is kept' })
  const at = Math.max(to, oldest)
  const { state, effects } = requery({ ...chosen(s, { cursor: undefined, span: undefined }), at })
  // what is shown stays until the other is there; a list is seen at its end
  const stays = { ...state, result: s.result, held: true }
  return step(page(s).view.table !== undefined ? stays : withPage(stays, { touched: false }), ...effects)
}

/** Of a file everything is shown: a moment is where a span may begin or end. */
function pointTo(s: UiState, to: number): Step {
  const range = rangeOf(s)
  if (range === undefined) return step({ ...s, note: 'there is no timeline yet' })
  const cursor = Math.max(range.oldest, Math.min(to, range.newest))
  return step({ ...chosen(s, { cursor }), note: `${timeText(cursor)}: { begins a span here, } ends one` })
}

/** Goes on live. */
export function now(s: UiState): Step {
  return requery({ ...s, at: undefined, chosen: NOTHING_CHOSEN })
}
