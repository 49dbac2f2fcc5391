// The workloads of all captures of a run: the union of what was recorded of each.
import { Workload } from './workload.js'

export class Advice {
  private readonly byKey = new Map<string, Workload>()

  /** Adds the recordings of a capture. */
  add(recorded: readonly Workload[]): void {
    for (const w of recorded) {
      const known = this.byKey.get(w.id.key) ?? new Workload(w.id)
      known.merge(w)
      this.byKey.set(w.id.key, known)
    }
  }

  /** In the order of their keys. */
  get workloads(): readonly Workload[] {
    return [...this.byKey.values()].sort((a, b) => (a.id.key < b.id.key ? -1 : 1))
  }
}
