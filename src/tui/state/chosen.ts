// What is chosen on the timeline, and which moment is shown.
import { clockText } from './clock-text.js'
import { type Chosen, isPast, type UiState } from './model.js'

/** The moment that is shown, or pointed at: ms since the epoch; undefined: now, or a span. */
export function shownAt(s: UiState): number | undefined {
  return s.chosen.cursor ?? s.at ?? (s.held && !isPast(s) ? s.result?.time : undefined)
}

/** The state with that of the timeline chosen instead. */
export function chosen(s: UiState, change: Partial<Chosen>): UiState {
  return { ...s, chosen: { ...s.chosen, ...change } }
}

/** A moment (ms since the epoch) in words. */
export function timeText(ms: number): string {
  return clockText(BigInt(Math.round(ms)) * 1_000_000n, 0n)
}

/** The span that is chosen, in words; undefined without one. */
export function spanText({ chosen: { span } }: UiState): string | undefined {
  return span === undefined ? undefined : `${timeText(span.from)} to ${timeText(span.to)}`
}
