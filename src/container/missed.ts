// Counts the containers that were not named in time: how many were named later, and how many were not.

/** Limit of containers that are watched; beyond it the current state of the oldest is counted. */
const MOST = 4_096

export interface Naming {
  /** named after some of their events had been delivered */
  readonly late: number
  readonly never: number
}

export class Missed {
  private readonly watched = new Set<string>()
  private late = 0
  private never = 0

  /** named: whether the container with that key has its name now. */
  constructor(private readonly named: (key: string) => boolean) {}

  add(key: string): void {
    if (this.watched.has(key)) return
    if (this.watched.size >= MOST) for (const oldest of this.watched) if (this.settle(oldest)) break
    this.watched.add(key)
  }

  count(): Naming {
    let late = this.late
    for (const key of this.watched) if (this.named(key)) late++
    return { late, never: this.late + this.never + this.watched.size - late }
  }

  /** Counts the current state of one and stops watching it; false: it was not watched. */
  settle(key: string): boolean {
    if (!this.watched.has(key)) return false
    if (this.named(key)) this.late++
    else this.never++
    return this.watched.delete(key)
  }
}
