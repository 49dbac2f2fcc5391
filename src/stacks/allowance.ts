// Time that may be spent: some at once, and so much of each second.

export interface Rate {
  /** ms at once */
  readonly most: number
  /** ms of each second */
  readonly perSecond: number
}

export class Allowance {
  private left: number
  private at = performance.now()

  constructor(private readonly rate: Rate) {
    this.left = rate.most
  }

  /** ms that may be spent now; 0 or less: none. */
  get rest(): number {
    const now = performance.now()
    this.left = Math.min(this.rate.most, this.left + ((now - this.at) * this.rate.perSecond) / 1000)
    this.at = now
    return this.left
  }

  spend(ms: number): void {
    this.left -= ms
  }
}
