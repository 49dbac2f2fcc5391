// What may be spent, ms as a rule: some at once, and so much in each second.

export interface Rate {
  /** at once */
  readonly most: number
  readonly perSecond: number
}

export class Allowance {
  private left: number
  private at = performance.now()

  constructor(private readonly rate: Rate) {
    this.left = rate.most
  }

  /** What may be spent now; 0 or less: nothing. */
  get rest(): number {
    const now = performance.now()
    this.left = Math.min(this.rate.most, this.left + ((now - this.at) * this.rate.perSecond) / 1000)
    this.at = now
    return this.left
  }

  spend(much: number): void {
    this.left -= much
  }
}
