// Counts the containers whose names did not come in time: those that have got one since, and those that have none.

/** Containers that are watched for a name; of the oldest beyond it what is known then counts. */
const MOST = 4_096

export interface Naming {
  /** their names came when something of them had been handed on already */
  readonly late: number
  readonly never: number
}

export class Missed {
  private readonly watched = new Set<string>()
  private late = 0
  private never = 0

  /** named: whether the container of that key has its name by now. */
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

  private settle(key: string): boolean {
    if (this.named(key)) this.late++
    else this.never++
    return this.watched.delete(key)
  }
}
