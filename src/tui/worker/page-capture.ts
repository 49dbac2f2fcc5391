// A page's own capture, for what the capture of all calls lacks: from its start until the page is left.

import { messageOf } from './context.js'
import type { LiveCapture } from './live-capture.js'
import { LiveQuery } from './live-query.js'
import { Seam } from './seam.js'
import type { Session } from './session.js'

export class PageCapture {
  readonly liveQuery: LiveQuery
  /** when it started, ms since the epoch */
  readonly since = Date.now()
  /** resolves when it has ended */
  readonly ended: Promise<void>
  private isLeft = false

  /** continued: the capture whose rows it continues; undefined: none */
  constructor(
    private readonly s: Session,
    readonly capture: LiveCapture,
    continued: LiveCapture | undefined,
  ) {
    this.liveQuery = new LiveQuery(s, capture)
    if (continued !== undefined) this.liveQuery.seam = new Seam(continued, capture)
    this.ended = this.run()
  }

  /** The page is left: the capture ends, and its rows are no longer of interest. */
  leave(): void {
    this.isLeft = true
    this.capture.stop()
  }

  private async run(): Promise<void> {
    const { s, capture, liveQuery } = this
    try {
      await capture.run({
        sinks: [{ show: (e) => this.isLeft || liveQuery.add(e) }],
        call: () => undefined,
        started: () => (this.isLeft ? capture.stop() : liveQuery.start()),
        batch: () => this.isLeft || liveQuery.batch(),
      })
    } catch (e) {
      s.post({ kind: 'note', text: `the capture of this page has ended: ${messageOf(e)}` })
    }
  }
}
