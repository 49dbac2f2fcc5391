// Reads files that may never end, as those of a user's own file system: one at a time, so that no more than one of the few
// threads that read files can be lost to them.

/** ms after which a reading is held to be one that never ends. */
const HUNG = 2_000

export class Lane {
  private last: Promise<unknown> = Promise.resolve()
  private since: number | undefined

  /** Does the work in its turn; undefined where that is refused, since one before it does not end. */
  async through<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.since !== undefined && Date.now() - this.since > HUNG) return undefined
    const reading = this.last.then(() => {
      this.since = Date.now()
      return work()
    })
    const over = () => {
      this.since = undefined
    }
    this.last = reading.then(over, over)
    return reading
  }
}
