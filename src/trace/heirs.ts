// Who has something from whom: children what their parents had when they were born, those that share tables what the others do.
import type { Snapshot } from '../model/snapshot.js'
import type { StateSummary } from '../source/summary.js'
import { Pairs } from './pairs.js'
import { sharersOfSockets, sharersOfTables } from './sharers.js'

export class Heirs extends Pairs {
  /** Adds what a block tells of births; blocks come in the order of the file. */
  addBirths({ kin: [firsts, seconds] }: StateSummary): void {
    for (let i = 0; i < firsts.length; i++) this.add(firsts[i] as number, seconds[i] as number)
  }

  /** Adds who shared a table or a socket at some time. What children had from their parents by then is told with themselves. */
  addSnapshot(s: Snapshot): void {
    for (const [a, b] of [...sharersOfTables(s), ...sharersOfSockets(s)]) {
      this.add(a, b)
      this.add(b, a)
    }
  }
}
