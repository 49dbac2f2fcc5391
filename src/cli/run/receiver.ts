// A receiver handles the events of a run itself, in place of lines, files and chisels.
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import type { Query } from '../query/query.js'

/**
 * Starts another live capture for a query that needs more events, and ends the current one. All events of the current one are delivered
 * before the first of the new one, and none in between is missed. To be called once at most: the current one has then ended, and what happens
 * from then on is in the new one alone. Throws LiveError if it cannot start: the current one then continues.
 */
export type Follow = (query: Query) => void

export interface Receiver {
  /** what the run needs from captures */
  readonly query: Query
  /** Opens the sinks for a run that has started, before the first event. */
  open(run: CaptureRun, follow: Follow): Sink | readonly Sink[] | Promise<readonly Sink[]>
  /** Handles SIGHUP of a live run, for example by starting another capture; absent: SIGHUP ends the run. */
  reload?(): void
}
