// What a live capture is asked to record, from the settings and the query.
import type { PlanOptions } from '../../filter/index.js'
import type { UserInfo } from '../../model/snapshot.js'
import { hostArch } from '../../schema/arch.js'
import type { Settings } from '../options/parse.js'
import type { Query } from './query.js'

/** Options for the planner. `rootPid` follows one process and its descendants; users resolve user.name. */
export function planOptions(
  s: Settings,
  q: Query,
  more: { rootPid?: number; users?: readonly UserInfo[] } = {},
): PlanOptions {
  const keep = s.write !== undefined
  return {
    // where nothing can be captured, --explain tells of the most common machine
    arch: hostArch() ?? 'x64',
    output: q.printed,
    snaplen: s.snaplen,
    spare: s.redaction,
    selfPid: s.self ? 0 : process.pid,
    ...more,
    buffers: keep,
    latency: keep || s.summary,
    times: keep,
    inFlight: keep,
    peers: keep,
    bare: q.eventsOnly === true,
    count: q.counted,
    enter: s.enter,
    switches: s.switches,
    pageFaults: s.pageFaults,
  }
}
