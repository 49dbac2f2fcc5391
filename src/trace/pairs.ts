// Pairs of processes of which the first has something from the second, in the order in which that came about.

export class Pairs {
  private readonly firsts: number[] = []
  private readonly seconds: number[] = []

  add(first: number, second: number): void {
    if (second <= 0) return
    this.firsts.push(first)
    this.seconds.push(second)
  }

  clear(): void {
    this.firsts.length = this.seconds.length = 0
  }

  /** Adds to a set whatever its members have something from, directly or not. */
  addSeconds(processes: Set<number>): void {
    // parents are born before their children: from the end, few rounds are needed
    for (let before = -1; before !== processes.size; ) {
      before = processes.size
      for (let i = this.firsts.length - 1; i >= 0; i--)
        if (processes.has(this.firsts[i] as number)) processes.add(this.seconds[i] as number)
    }
  }

  /** Adds to a set whoever has something from its members, directly or not. */
  addFirsts(processes: Set<number>): void {
    for (let before = -1; before !== processes.size; ) {
      before = processes.size
      for (let i = 0; i < this.firsts.length; i++)
        if (processes.has(this.seconds[i] as number)) processes.add(this.firsts[i] as number)
    }
  }

  /** The firsts of pairs whose second is among these. */
  firstsOf(seconds: ReadonlySet<number>): Set<number> {
    return new Set(this.firsts.filter((_, i) => seconds.has(this.seconds[i] as number)))
  }
}
