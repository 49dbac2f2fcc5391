// The parts that a spectrogram counts latencies by: so many for each power of ten, from 1 ns on; the last one has all that is longer.
import { DECADES } from '../format/heat/latency-axis.js'

export const PARTS_OF_DECADE = 20
export const PARTS = DECADES * PARTS_OF_DECADE

/** By part, the first latency (whole ns) that is in it; it is in no part where the next one begins there, too. */
const FROM: readonly number[] = Array.from({ length: PARTS }, (_, part) =>
  Math.ceil(Number((10 ** (part / PARTS_OF_DECADE)).toPrecision(12))),
)

/** The part that a latency of 1 ns or more is in. */
export function partOf(ns: number): number {
  let at = Math.max(0, Math.min(PARTS - 1, Math.floor(Math.log10(ns) * PARTS_OF_DECADE)))
  while (at > 0 && (FROM[at] as number) > ns) at--
  while (at < PARTS - 1 && (FROM[at + 1] as number) <= ns) at++
  return at
}

/** Latencies (ns) of the parts from one to another: from the first up to below the second; undefined: however long. */
export function latenciesOf(
  first: number,
  last: number,
): { readonly from: number; readonly below: number | undefined } {
  return { from: FROM[first] as number, below: FROM[last + 1] }
}
