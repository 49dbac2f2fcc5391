// Somebody who takes the events of a run in a way of their own, in place of lines, files and chisels.
import type { FieldContext } from '../../fields/field.js'
import type { Sink } from '../../sink.js'
import type { CaptureSource, CaptureStats } from '../../source/source.js'
import type { Query } from '../query/query.js'

/** A source that is run over. */
export interface Received {
  readonly source: CaptureSource
  /** for what is asked of its events */
  readonly ctx: FieldContext
  readonly live: boolean
  /** of the run so far */
  readonly stats: () => CaptureStats
}

export interface Receiver {
  /** what the run asks of captures */
  readonly query: Query
  /** Opens what takes the events of one source, before the first one. */
  open(of: Received): Sink
}
