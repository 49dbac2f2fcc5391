// For tables of ancestors: a thread adds rows for its process and all ancestors of the process.
import { eachAncestor, parentOf } from '../fields/ancestors.js'
import type { Thread } from '../model/thread.js'

export class Lineage {
  /** processes reported before; reported again after they run another program or get another parent */
  private reported = new WeakMap<Thread, { readonly parent: Thread | undefined; readonly argv: Thread['argv'] }>()

  /** Calls `visit` with the thread's process and its ancestors, nearest first, unless they were reported before and are unchanged. */
  visitNew(t: Thread, visit: (process: Thread) => void): void {
    const process = t.leader
    const parent = parentOf(process)
    const before = this.reported.get(process)
    if (before !== undefined && before.parent === parent && before.argv === process.argv) return
    this.reported.set(process, { parent, argv: process.argv })
    visit(process)
    eachAncestor(process, (a) => {
      visit(a)
      return true
    })
  }

  clear(): void {
    this.reported = new WeakMap()
  }
}
