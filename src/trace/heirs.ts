// Who has something from whom: children what their parents had when they were born, those that share tables what the others do.
import type { Snapshot } from '../model/snapshot.js'
import type { StateSummary } from '../source/summary.js'
import { sharersOfSockets, sharersOfTables } from './sharers.js'

export class Heirs {
  /** pairs: the first has something from the second */
  private readonly firsts: number[] = []
  private readonly seconds: number[] = []

  /** Adds what a block tells of births; blocks come in the order of the file. */
  add({ kin: [firsts, seconds] }: StateSummary): void {
    for (let i = 0; i < firsts.length; i++) this.pair(firsts[i] as number, seconds[i] as number)
  }

  /** Adds who shared a table or a socket at some time. What children had from their parents by then is told with themselves. */
  addSnapshot(s: Snapshot): void {
    for (const [a, b] of [...sharersOfTables(s), ...sharersOfSockets(s)]) {
      this.pair(a, b)
      this.pair(b, a)
    }
  }

  /** Adds all that have something from one of these processes, directly or not. */
  addHeirs(processes: Set<number>): void {
    for (let before = -1; before !== processes.size; ) {
      before = processes.size
      for (let i = 0; i < this.firsts.length; i++)
        if (processes.has(this.seconds[i] as number)) processes.add(this.firsts[i] as number)
    }
  }

  /** Adds those from whom one of these processes has something. */
  addGivers(processes: Set<number>): void {
    for (let before = -1; before !== processes.size; ) {
      before = processes.size
      for (let i = this.firsts.length - 1; i >= 0; i--)
        if (processes.has(this.firsts[i] as number)) processes.add(this.seconds[i] as number)
    }
  }

  private pair(first: number, second: number): void {
    if (second <= 0) return
    this.firsts.push(first)
    this.seconds.push(second)
  }
}
