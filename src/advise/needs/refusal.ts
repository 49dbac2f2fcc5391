// Whether a filter has refused a recorded call: then it ended without having been entered, so it has no latency.
import { ROW } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { ABI } from '../../schema/abi.js'

/** The errors that profiles return: EPERM, EACCES, EINVAL (podman's audit sockets), ENOSYS. */
const USUAL: ReadonlySet<number> = new Set([1, 13, 22, 38])
const SIGKILL = 9
const SIGSYS = 31

/** A test whether the call under the cursor was refused. errors: further errors that the profile in force returns. */
export function refusalTest(kind: 'live' | 'ksys' | 'scap', errors: Iterable<number> = []): (e: Event) => boolean {
  // other tools record calls before the filter decides
  if (kind === 'scap') return () => false
  const possible = new Set([...USUAL, ...errors].map((errno) => -errno))
  for (const signal of [SIGKILL, SIGSYS]) possible.add(-(ABI.KSYS_ENDED_BY + signal))
  return (e) => e.ret < 0 && possible.has(e.ret) && e.latency === undefined && (e.flags & NOT_ENDED) === 0
}

const NOT_ENDED = ROW.IN_FLIGHT | ROW.ENTER | ROW.COUNTED | ROW.RESTART
