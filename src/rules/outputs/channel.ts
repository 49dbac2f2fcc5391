// Delivers the alerts of an output: the part specific to each kind of output.
import type { Attempt } from '../../web/attempt.js'
import type { Formatted } from './output.js'

/** Options for opening outputs. */
export interface OutputContext {
  /** lines are JSON */
  readonly json: boolean
  /** writes to standard output; rejects or throws once its reader is closed, which ends the run */
  readonly write: (bytes: Uint8Array) => Promise<void> | void
  /** called with a sentence for each problem */
  readonly reportProblem: (sentence: string) => void
  /** version of ksys, sent to servers */
  readonly version: string
}

export interface Channel {
  /** maximum number of alerts for one send() */
  readonly most: number
  /** maximum number of concurrent send() calls */
  readonly atOnce: number
  /**
   * Delivers alerts, which may take long. Rejects if they could not be delivered, with NotSent if some were. A channel that retries
   * reports the problem meanwhile (attempt.trouble), and gives up when aborted.
   */
  send(alerts: readonly Formatted[], attempt: Attempt): Promise<void>
  /** See Output.reopen(). Called while no send() is in progress. */
  reopen?(): Promise<void>
  /** Closes the channel; `abort` ends what is still in progress. */
  close?(abort: AbortSignal): Promise<void>
}

/** Some of the alerts could not be delivered. */
export class NotSent extends Error {
  constructor(
    readonly alerts: number,
    reason: string,
  ) {
    super(reason)
  }
}
