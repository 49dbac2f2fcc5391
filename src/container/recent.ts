// Ids of containers that are remembered for a while: on a machine where they come and go there is no end to them.

/** As many as are remembered; one that comes again after as many others is a new one. */
const MOST = 4_096

/** A set that forgets the oldest. */
export class RecentIds extends Set<string> {
  override add(id: string): this {
    if (this.size >= MOST && !this.has(id)) for (const oldest of this) if (this.delete(oldest)) break
    return super.add(id)
  }
}
