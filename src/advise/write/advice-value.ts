// An advice as a value for JSON.
import { dangerOf } from '../calls/dangerous.js'
import type { Workload } from '../needs/workload.js'
import type { Assembled, Line } from './assemble.js'
import { doubts, type Recordings, unseenPhases } from './gaps.js'
import { timeText } from './line-comment.js'
import { ociValue } from './oci.js'
import { verdictOf } from './verdict.js'

/** The members of one JSON object for a workload. */
export function adviceValue(w: Workload, { profile, lines }: Assembled, recordings: Recordings): object {
  const verdict = verdictOf(w, lines)
  const reasons = doubts(w, recordings)
  return {
    workload: w.what,
    runtimeDefault: {
      suffices: verdict.refuses.length === 0,
      refuses: verdict.refuses,
      allows: verdict.defaults,
      leftOut: verdict.narrower,
    },
    complete: reasons.length === 0,
    doubts: reasons,
    notRecorded: unseenPhases(w),
    begin: timeText(w.begin),
    end: timeText(w.end),
    containers: [...w.containers].sort(),
    starts: w.starts,
    runtimes: [...w.runtimes].sort(),
    execs: [...w.execs].sort(),
    interactive: [...w.interactive].sort(),
    refused: [...w.refused].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, need]) => ({ name, count: need.count })),
    unnamed: [...w.unnamed].sort((a, b) => a - b),
    calls: lines.map(lineValue),
    profile: ociValue(profile),
  }
}

function lineValue({ name, why, reason, need }: Line): object {
  const danger = dangerOf(name)
  return {
    name,
    why,
    ...(reason !== undefined && { reason }),
    ...(need !== undefined && {
      count: need.count,
      first: timeText(need.first),
      firstBy: need.firstBy,
      programs: byName(need.programs),
      origins: byName(need.origins),
    }),
    ...(danger !== undefined && { danger }),
  }
}

function byName(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}
