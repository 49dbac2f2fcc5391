// Looking back: the page as it was at a moment, as far as the last calls are kept.
import { page, type Step, step, type UiState, withPage } from './model.js'
import { askAgain } from './query.js'

/** The moment that is shown: ms since the epoch. */
export function shownAt(s: UiState): number | undefined {
  return s.at ?? (s.held ? s.answer?.time : undefined)
}

/** Goes on (or back, below 0) by so many refreshes. */
export function moveBy(s: UiState, refreshes: number): Step {
  const from = shownAt(s)
  if (from === undefined && refreshes > 0) return step({ ...s, note: 'this is now: nothing newer is there' })
  return moveTo(s, (from ?? s.meter?.time ?? 0) + refreshes * s.refresh)
}

/** Goes to a moment: ms since the epoch. */
export function moveTo(s: UiState, to: number): Step {
  if (s.source?.live === false)
    return step({ ...s, note: 'a file is shown as a whole: evt.time or evt.reltime in a filter leave a part of it' })
  const { kept, time } = s.meter ?? {}
  if (kept === undefined || time === undefined)
    return step({ ...s, note: s.meter === undefined ? 'nothing is kept yet' : 'nothing is kept: see --last' })
  if (to >= time) return now(s)
  const oldest = time - kept / 1e6 + s.refresh
  const from = shownAt(s)
  if (oldest >= time || (to < oldest && from !== undefined && from <= oldest && to < from))
    return step({ ...s, note: 'nothing older is kept' })
  const at = Math.max(to, oldest)
  const { state, effects } = askAgain({ ...s, at })
  // what is shown stays until the other is there; a list is seen at its end
  const stays = { ...state, answer: s.answer, held: true }
  return step(page(s).view.table !== undefined ? stays : withPage(stays, { touched: false }), ...effects)
}

/** Goes on live. */
export function now(s: UiState): Step {
  return askAgain({ ...s, at: undefined })
}
