// CPU time that a capture has used above its limit, which the seconds after that save again: so a limit holds for ten seconds together
// that start with an expensive one.

/** The most that is owed, in s of the whole limit: a single expensive second has no effect for minutes. */
const MOST = 4
/** s in which most of it is saved */
const SAVED_IN = 4

export class Debt {
  /** s of CPU time */
  private owed = 0

  /** limit: CPUs that the capture may use */
  constructor(private readonly limit: number) {}

  /** Adds an interval (s), and the CPU time (s) that was used in it. */
  add(seconds: number, used: number): void {
    const { limit } = this
    this.owed = Math.max(0, Math.min(limit * MOST, this.owed + used - limit * seconds))
  }

  /** CPUs to save in the next second. */
  get saved(): number {
    return this.owed / SAVED_IN
  }
}
