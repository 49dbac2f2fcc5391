// The filter of an advice itself: whether it selects whole workloads, or only some of their calls.
import type { WorkloadId } from '../../advise/needs/workload.js'
import type { OwnFilter } from '../../advise/write/gaps.js'
import { registry } from '../../fields/index.js'
import { checkFilter, leavesOut, type Whole } from '../../filter/index.js'

/** text: a valid filter; '': none. */
export function ownFilter(text: string): OwnFilter | undefined {
  if (text === '') return undefined
  const filter = checkFilter(text, registry)
  return { text, leavesOut: (id) => leavesOut(filter, undefined, wholeOf(id)) }
}

/** What belongs to a workload as a whole: containers, the cgroup of a unit, or the processes that the filter selects. */
function wholeOf({ kind, name }: WorkloadId): Whole {
  if (kind === 'container') return 'container'
  return name === '' ? 'process' : 'cgroup'
}
