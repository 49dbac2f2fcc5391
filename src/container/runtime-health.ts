// Whether a runtime that does not answer at present is worth waiting for: one that nobody has greeted yet, and one that answered
// and is late now, as daemons are where CPUs are busy.

/** ms for which one that answered before is waited for */
const DOUBT = 30_000

export class RuntimeHealth {
  private greeted = false
  private greeting = false
  /** it has answered since it was last in doubt */
  private known = false
  private until = 0

  /** It is there, and whether it answers is not known yet, or in doubt. */
  get connecting(): boolean {
    return this.greeting || Date.now() < this.until
  }

  /** It is greeted. One that did not answer the first time is not waited for again. */
  greets(): void {
    this.greeting = !this.greeted
    this.greeted = true
  }

  answered(): void {
    this.greeting = false
    this.known = true
    this.until = 0
  }

  /** late: no answer came in time; otherwise it is not there, or is no runtime. */
  failed(late: boolean): void {
    this.greeting = false
    if (!late) this.until = 0
    else if (this.known) this.until = Date.now() + DOUBT
    this.known = false
  }
}
