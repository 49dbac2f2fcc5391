// A budget that refills over time, usually of ms: an initial amount, and a rate per second.

interface Rate {
  /** initial amount and maximum */
  readonly most: number
  readonly perSecond: number
}

export class Allowance {
  private balance: number
  private at = performance.now()

  constructor(private readonly rate: Rate) {
    this.balance = rate.most
  }

  /** What may be spent now; 0 or less: nothing. */
  get available(): number {
    const now = performance.now()
    this.balance = Math.min(this.rate.most, this.balance + ((now - this.at) * this.rate.perSecond) / 1000)
    this.at = now
    return this.balance
  }

  spend(amount: number): void {
    this.balance -= amount
  }
}
