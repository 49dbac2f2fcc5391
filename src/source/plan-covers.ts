// Whether a live capture that was planned for one purpose brings all that another one asks for.
import { isDeepStrictEqual } from 'node:util'
import { type CapturePlan, VERDICT } from './plan.js'

/** Whether everything that `wanted` has recorded `present` records, too, with all that is told of it. */
export function planCovers(present: CapturePlan, wanted: CapturePlan): boolean {
  const same = (['spare', 'ceilings', 'selfPid', 'rootPid', 'bare', 'count', 'stacks'] as const).every((key) =>
    isDeepStrictEqual(present[key], wanted[key]),
  )
  if (!same || present.snaplen < wanted.snaplen || present.inFlight < wanted.inFlight) return false
  if ((['enter', 'latency', 'times', 'followAll'] as const).some((key) => wanted[key] && !present[key])) return false
  const passes = (a: number, b: number) => verdictCovers(present, a, wanted, b)
  return (
    (['switches', 'pageFaults', 'signals', 'oomKills', 'procexit', 'ioUring'] as const).every((key) =>
      passes(present[key], wanted[key]),
    ) && wanted.verdicts.every((verdict, nr) => passes(present.verdicts[nr] ?? VERDICT.DROP, verdict))
  )
}

function verdictCovers(present: CapturePlan, a: number, wanted: CapturePlan, b: number): boolean {
  if (b === VERDICT.DROP || a === VERDICT.PASS) return true
  if (a === VERDICT.DROP || b === VERDICT.PASS) return false
  return isDeepStrictEqual(present.slots[a - VERDICT.SLOT], wanted.slots[b - VERDICT.SLOT])
}
