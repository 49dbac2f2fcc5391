// What is selected on the timeline, which time is shown, and times as text.
import { type Chosen, isPast, type UiState } from './model.js'

/** The time that is shown or pointed at: ms since the epoch; undefined: now, or a span. */
export function shownAt(s: UiState): number | undefined {
  return s.chosen.cursor ?? s.at ?? (s.held && !isPast(s) ? s.result?.time : undefined)
}

/** The state with a changed selection on the timeline. */
export function chosen(s: UiState, change: Partial<Chosen>): UiState {
  return { ...s, chosen: { ...s.chosen, ...change } }
}

/** A time (ms since the epoch) as text. */
export function timeText(ms: number): string {
  return clockText(BigInt(Math.round(ms)) * 1_000_000n, 0n)
}

/** The selected span as text; undefined without one. */
export function spanText({ chosen: { span } }: UiState): string | undefined {
  return span === undefined ? undefined : `${timeText(span.from)} to ${timeText(span.to)}`
}

/**
 * A time (ns since the epoch) in local time: `12:34:56`, or with ms (`12:34:56.789`) if `lasts` (ns), the duration that
 * starts then, is below a second.
 */
export function clockText(at: bigint, lasts: bigint): string {
  const ms = Number(at / 1_000_000n)
  const text = new Date(ms).toTimeString().slice(0, 8)
  return lasts >= 1_000_000_000n && ms % 1000 === 0 ? text : `${text}.${String(ms % 1000).padStart(3, '0')}`
}
