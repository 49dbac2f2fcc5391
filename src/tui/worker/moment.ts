// A table as it was: the present query over what is kept of a short span of time.
import type { Plan } from './answer.js'
import { Reading } from './reading.js'
import type { Bounds, Rings } from './rings.js'

const QUIET = {
  opened: () => undefined,
  look: () => undefined,
  counted: () => undefined,
  part: () => 1,
  ended: () => undefined,
}

export class Moment {
  /** undefined until it is known where that is kept, and where nothing is */
  reading: Reading | undefined
  /** 0..1; undefined once it is read */
  progress: number | undefined = 0
  private stopped = false

  /** changed: is told that it is done. */
  constructor(
    private readonly rings: Rings,
    private readonly plan: Plan,
    private readonly bounds: Bounds,
    private readonly changed: () => void,
  ) {}

  /** Rejects with what makes reading impossible. */
  async run(): Promise<void> {
    try {
      // the state goes on from part to part of one ring
      const [last, ...before] = await this.rings.parts(this.bounds)
      if (last === undefined || this.stopped) return
      const first = before.findLast((p) => p.ring === last.ring) ?? last
      this.reading = new Reading(
        (how) => last.ring.open({ first: first.part, last: last.part }, how),
        this.plan,
        undefined,
        undefined,
        QUIET,
        last.window,
      )
      await this.reading.advance()
    } finally {
      this.progress = undefined
      if (!this.stopped) this.changed()
    }
  }

  /** Gives up what was not read; fulfilled when nothing of it is open. */
  async stop(): Promise<void> {
    this.stopped = true
    this.progress = undefined
    await this.reading?.stop()
  }

  /** Rows of tables are no events. */
  event(): undefined {
    return undefined
  }
}
