// The latency ranges ("parts") that a spectrogram counts calls by: a fixed number for each power of ten, from 1 ns; the
// last one has no upper limit.
import { DECADES } from '../format/heat/latency-axis.js'

export const PARTS_OF_DECADE = 20
export const PARTS = DECADES * PARTS_OF_DECADE

/** Lower bound (whole ns) of each part; a part is empty if the next one has the same bound. */
const FROM: readonly number[] = Array.from({ length: PARTS }, (_, part) =>
  Math.ceil(Number((10 ** (part / PARTS_OF_DECADE)).toPrecision(12))),
)

/** The part that contains a latency of 1 ns or more. */
export function partOf(ns: number): number {
  let at = Math.max(0, Math.min(PARTS - 1, Math.floor(Math.log10(ns) * PARTS_OF_DECADE)))
  while (at > 0 && (FROM[at] as number) > ns) at--
  while (at < PARTS - 1 && (FROM[at + 1] as number) <= ns) at++
  return at
}

/** Latencies (ns) of parts `first` to `last`: lower bound, and upper bound (exclusive; undefined: none). */
export function latenciesOf(
  first: number,
  last: number,
): { readonly from: number; readonly below: number | undefined } {
  return { from: FROM[first] as number, below: FROM[last + 1] }
}
