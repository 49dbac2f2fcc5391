// Which containers a filter asks about, by what a whole file says of them.
import { FdTable, Thread } from '../model/thread.js'
import type { Containers } from './containers.js'

/** An id that no thread has. */
const NOBODY = -2

export class MatchingContainers {
  private readonly found = new Set<string>()
  /** of its threads nothing is looked at but the container */
  private readonly thread = new Thread(NOBODY, NOBODY, new FdTable())

  /** test: whether threads like this one are asked about, by a container among these. */
  constructor(
    private readonly containers: Containers,
    private readonly test: (t: Thread) => boolean,
  ) {}

  /** Takes the text of a container event. */
  tell(json: string): void {
    const { containers, thread } = this
    containers.tell(json)
    const { told } = containers
    // what is told of a pod may be asked of all its containers
    for (const c of told?.info?.sandbox === true ? containers.byId.values() : told === undefined ? [] : [told]) {
      thread.container = c
      if (!this.test(thread)) continue
      this.found.add(c.fullId || c.id)
      if (c.info !== undefined && c.info.cgroup !== '') this.found.add(c.info.cgroup)
    }
  }

  /** What is in the cgroups of all that are asked about. */
  texts(): readonly string[] {
    return [...this.found]
  }
}
