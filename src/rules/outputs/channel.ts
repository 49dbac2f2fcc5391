// What delivers the alerts of an output: the part that differs from kind to kind.
import type { Attempt } from '../../web/attempt.js'
import type { Formatted } from './output.js'

/** What outputs are opened with. */
export interface OutputContext {
  /** lines are JSON */
  readonly json: boolean
  /** writes to standard output; rejects or throws when nobody reads it any more, which ends the run */
  readonly write: (bytes: Uint8Array) => Promise<void> | void
  /** is told in a sentence what goes wrong */
  readonly reportProblem: (sentence: string) => void
  /** version of ksys, for servers to see */
  readonly version: string
}

export interface Channel {
  /** alerts that are delivered with one send() */
  readonly most: number
  /** calls of send() that may be under way at once */
  readonly atOnce: number
  /**
   * Delivers alerts, which may take its time. Rejects where they could not be delivered: with NotSent when some were. A channel that tries
   * again tells what is wrong meanwhile, and gives up when it is aborted.
   */
  send(alerts: readonly Formatted[], attempt: Attempt): Promise<void>
  /** See Output.reopen(). No send() is under way. */
  reopen?(): Promise<void>
  /** Ends; whatever is still under way is ended when `abort` says so. */
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
