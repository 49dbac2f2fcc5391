// Somebody who takes the events of a run in a way of their own, in place of lines, files and chisels.
import type { FieldContext } from '../../fields/field.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Sink } from '../../run/sink.js'
import type { CaptureSource, CaptureStats } from '../../source/source.js'
import type { Query } from '../query/query.js'

/** A source that is run over. */
export interface Received {
  readonly source: CaptureSource
  /** for what is asked of its events */
  readonly ctx: FieldContext
  readonly live: boolean
  /** what exists at its start */
  readonly snapshot: Snapshot
  /** of the run so far */
  readonly stats: () => CaptureStats
  /**
   * Begins another live capture, for a query that asks for more, and ends this one, whose events are all delivered before the first of the
   * other, which has those in between too. Throws LiveError when it cannot be begun: this one goes on.
   */
  readonly follow: (query: Query) => void
}

export interface Receiver {
  /** what the run asks of captures */
  readonly query: Query
  /** Opens what takes the events of one source, before the first one. */
  open(of: Received): Sink | readonly Sink[] | Promise<readonly Sink[]>
  /** Does what SIGHUP asks for, live, such as having another capture follow; absent: it ends the run. */
  reload?(): void
}
