// Decides whether to wait for a runtime that does not respond at present: yes if it was not contacted before, or if it responded before
// and may only be slow on busy CPUs.

/** ms for which a runtime that responded before is waited for */
const DOUBT = 30_000

export class RuntimeHealth {
  private greeted = false
  private greeting = false
  /** it has responded since it was last in doubt */
  private known = false
  private until = 0

  /** The runtime exists, and it is not known yet, or in doubt, whether it responds. */
  get connecting(): boolean {
    return this.greeting || Date.now() < this.until
  }

  /** Records the start of a greeting. A runtime that did not respond to the first one is not waited for again. */
  greets(): void {
    this.greeting = !this.greeted
    this.greeted = true
  }

  answered(): void {
    this.greeting = false
    this.known = true
    this.until = 0
  }

  /** late: there was no response in time; otherwise the runtime does not exist, or is something else. */
  failed(late: boolean): void {
    this.greeting = false
    if (!late) this.until = 0
    else if (this.known) this.until = Date.now() + DOUBT
    this.known = false
  }
}
