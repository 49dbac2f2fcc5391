// Tables of ancestors: which processes are rows where something is known of a thread. Its own process is, and all above it.
import { eachAncestor, parentOf } from '../fields/ancestors.js'
import type { Thread } from '../model/thread.js'

export class Lineage {
  /** what was told of a process: told again when it runs another program, or another one has become its parent */
  private told = new WeakMap<Thread, { readonly parent: Thread | undefined; readonly argv: Thread['argv'] }>()

  /** Calls `tell` with the process and its ancestors, nearest first, unless these were told as they are. */
  of(t: Thread, tell: (process: Thread) => void): void {
    const process = t.leader
    const parent = parentOf(process)
    const before = this.told.get(process)
    if (before !== undefined && before.parent === parent && before.argv === process.argv) return
    this.told.set(process, { parent, argv: process.argv })
    tell(process)
    eachAncestor(process, (a) => {
      tell(a)
      return true
    })
  }

  clear(): void {
    this.told = new WeakMap()
  }
}
