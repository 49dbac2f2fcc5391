// A table at a past time: the present query over a short span of the retained events.

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
  /** undefined until the segments are known, and if nothing is retained */
  reading: Reading | undefined
  /** 0..1; undefined once everything is read */
  progress: number | undefined = 0
  private stopped = false

  /** changed: called when reading is finished. */
  constructor(
    private readonly windows: CaptureWindows,
    private readonly plan: ViewPlan,
    private readonly bounds: PastBounds,
    private readonly changed: () => void,
  ) {}

  /** Rejects if reading fails. */
  async run(): Promise<void> {
    try {
      // the state is continuous across the segments of one capture window
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

  /** Abandons the rest; resolves when nothing is open. */
  async stop(): Promise<void> {
    this.stopped = true
    this.progress = undefined
    await this.reading?.stop()
  }

  /** Rows of tables are not events. */
  event(): undefined {
    return undefined
  }
}
