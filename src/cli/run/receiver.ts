// Somebody who takes the events of a run in a way of their own, in place of lines, files and chisels.
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import type { Query } from '../query/query.js'

/**
 * Begins another live capture, for a query that asks for more, and ends this one, whose events are all delivered before the first of the
 * other, which has those in between too. Throws LiveError when it cannot be begun: this one goes on.
 */
export type Follow = (query: Query) => void

export interface Receiver {
  /** what the run asks of captures */
  readonly query: Query
  /** Opens what takes the events of a run, which has begun, before the first one. */
  open(run: CaptureRun, follow: Follow): Sink | readonly Sink[] | Promise<readonly Sink[]>
  /** Does what SIGHUP asks for, live, such as having another capture follow; absent: it ends the run. */
  reload?(): void
}
