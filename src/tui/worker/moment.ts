// A table as it was: the present query over what is kept of a short span of time.
import type { CaptureSource } from '../../source/source.js'
import type { Plan } from './answer.js'
import { Reading, type Window } from './reading.js'
import type { Ring } from './ring.js'

export class Moment {
  readonly reading: Reading
  /** 0..1; undefined once it is read */
  progress: number | undefined = 0
  private stopped = false

  /** changed: is told how far it is, and when it is done. */
  constructor(
    private readonly ring: Ring,
    plan: Plan,
    private readonly window: Window,
    private readonly changed: () => void,
  ) {
    const listener = {
      opened: () => undefined,
      look: () => undefined,
      counted: () => undefined,
      part: (r: Reading) => {
        this.progress = r.progress
        if (!this.stopped) this.changed()
        return 1
      },
      ended: () => undefined,
    }
    this.reading = new Reading((how) => this.open(how), plan, undefined, listener, window)
  }

  /** Rejects with what makes reading impossible. */
  async run(): Promise<void> {
    try {
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
    await this.reading.stop()
  }

  /** Rows of tables are no events. */
  event(): undefined {
    return undefined
  }

  private async open(plan: Parameters<Ring['open']>[1]): Promise<CaptureSource> {
    const { from, before } = this.window
    const parts = await this.ring.parts()
    const first = parts.findLast((p) => p.from <= from) ?? parts[0]
    return this.ring.open({ first, last: parts.findLast((p) => p.from < before) ?? first }, plan)
  }
}
