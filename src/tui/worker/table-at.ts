// A table as it was: the present query over what is kept of a short span of time.

import type { CaptureWindows, PastBounds } from './capture-windows.js'
import { Reading } from './reading.js'
import type { ViewPlan } from './view-plan.js'

const QUIET = {
  opened: () => undefined,
  look: () => undefined,
  counted: () => undefined,
  part: () => 1,
  ended: () => undefined,
}

export class TableAt {
  /** undefined until it is known where that is kept, and where nothing is */
  reading: Reading | undefined
  /** 0..1; undefined once it is read */
  progress: number | undefined = 0
  private stopped = false

  /** changed: is told that it is done. */
  constructor(
    private readonly windows: CaptureWindows,
    private readonly plan: ViewPlan,
    private readonly bounds: PastBounds,
    private readonly changed: () => void,
  ) {}

  /** Rejects with what makes reading impossible. */
  async run(): Promise<void> {
    try {
      // the state goes on from part to part of one capture window
      const [last, ...before] = await this.windows.segments(this.bounds)
      if (last === undefined || this.stopped) return
      const first = before.findLast((p) => p.captureWindow === last.captureWindow) ?? last
      this.reading = new Reading(
        (how) => last.captureWindow.open({ first: first.segment, last: last.segment }, how),
        this.plan,
        undefined,
        undefined,
        QUIET,
        last.range,
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
