// Which cgroups that may be containers' by their paths are none. A runtime may know a container only after its first process runs, so the
// runtimes are queried once it must be known; after that, what a runtime reports ends a denial.
import type { CgroupDenials } from '../source/source.js'
import { Gate, LATE, LATE_ANSWER } from './runtime.js'

/** Limit of cgroups whose answer is pending. */
const MOST = 4_096

export class Denials implements CgroupDenials {
  private readonly gate = new Gate()
  private readonly doubts: ((path: string | undefined) => void)[] = []
  private pending = 0
  private closed = false

  /** isContainer: whether a cgroup is a container's; undefined: not all sources have responded within `ms`. */
  constructor(private readonly isContainer: (path: string, ms: number) => Promise<boolean | undefined>) {}

  async denied(path: string): Promise<boolean> {
    if (this.pending >= MOST) return false
    this.pending++
    let answer: boolean | undefined
    do {
      await new Promise((done) => setTimeout(done, LATE).unref())
      answer = this.closed || (await this.gate.through(() => this.isContainer(path, LATE_ANSWER)))
    } while (answer === undefined)
    this.pending--
    return !answer
  }

  onDoubt(doubt: (path: string | undefined) => void): void {
    this.doubts.push(doubt)
  }

  /** A runtime has reported the container of this cgroup; undefined: it may have containers that it has not reported. */
  doubt(path: string | undefined): void {
    for (const doubt of this.doubts) doubt(path)
  }

  close(): void {
    this.closed = true
  }
}
