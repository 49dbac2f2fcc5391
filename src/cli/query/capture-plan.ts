// What a live capture must record, derived from the settings and the query.
import type { PlanOptions } from '../../filter/index.js'
import type { UserInfo } from '../../model/snapshot.js'
import { hostArch } from '../../schema/arch.js'
import { formatOf } from '../options/exported.js'
import type { Settings } from '../options/settings.js'
import { stacksOf } from '../options/stacks.js'
import type { Query } from './query.js'

/** No stacks with --only-namespace: they are shared between processes. */
const NO_STACKS = { user: false, kernel: false }

/** Options for the planner. `rootPid` follows one process and its descendants; users resolve user.name. */
export function planOptions(
  s: Settings,
  q: Query,
  more: { rootPid?: number; users?: readonly UserInfo[] } = {},
): PlanOptions {
  const keep = s.write !== undefined || q.kept === true
  // --only-namespace must follow all processes to know which pod a call belongs to
  const unscoped = s.redaction?.namespace === undefined
  return {
    // if this machine cannot capture, --explain assumes the most common architecture
    arch: hostArch() ?? 'x64',
    output: q.printed,
    snaplen: s.snaplen,
    structs: s.structs,
    spare: s.redaction,
    selfPid: s.self ? 0 : process.pid,
    ...more,
    buffers: keep,
    latency: keep || s.summary,
    times: keep,
    inFlight: keep || q.inFlight === true || (s.exported && formatOf(s.exported).inFlight),
    peers: keep && unscoped,
    bare: q.eventsOnly === true && unscoped,
    count: unscoped ? q.counted : undefined,
    enter: s.enter || q.demands?.enter === true,
    switches: s.switches || q.demands?.switches === true,
    pageFaults: s.pageFaults || q.demands?.pageFaults === true,
    attach: s.attach,
    stacks: unscoped ? stacksOf(s.stacks) : NO_STACKS,
  }
}
