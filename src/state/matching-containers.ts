// The containers that a filter selects, according to the container events of a whole file.
import { FdTable, Thread } from '../model/thread.js'
import type { Containers } from './containers.js'

/** An id that no thread has. */
const NO_THREAD = -2

export class MatchingContainers {
  private readonly matching = new Set<string>()
  /** only its container is ever evaluated */
  private readonly thread = new Thread(NO_THREAD, NO_THREAD, new FdTable())

  /** test: whether the filter can select threads like this one, by its container. */
  constructor(
    private readonly containers: Containers,
    private readonly test: (t: Thread) => boolean,
  ) {}

  /** Applies the text of a container event. */
  report(json: string): void {
    const { containers, thread } = this
    containers.report(json)
    const { lastReported } = containers
    // a pod's metadata may affect the result for all its containers
    const affected = lastReported === undefined ? [] : [lastReported]
    for (const c of lastReported?.info?.sandbox === true ? containers.byId.values() : affected) {
      thread.container = c
      if (!this.test(thread)) continue
      this.matching.add(c.fullId || c.id)
      if (c.info !== undefined && c.info.cgroup !== '') this.matching.add(c.info.cgroup)
    }
  }

  /** The ids and cgroups of all selected containers, as they occur in the cgroups of their threads. */
  texts(): readonly string[] {
    return [...this.matching]
  }
}
