// What delivers the alerts of an output: the part that differs from kind to kind.
import type { Formatted } from './output.js'

/** What outputs are opened with. */
export interface OutputContext {
  /** lines are JSON */
  readonly json: boolean
  /** writes to standard output; rejects or throws when nobody reads it any more, which ends the run */
  readonly write: (bytes: Uint8Array) => Promise<void> | void
  /** is told in a sentence what goes wrong */
  readonly complain: (sentence: string) => void
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

/** What a channel is given for a delivery. */
export interface Attempt {
  readonly abort: AbortSignal
  /** Says why it is not done yet, as a clause. */
  readonly trouble: (reason: string) => void
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

/** Waits, for so many ms or until it is aborted. */
export function pause(ms: number, abort: AbortSignal): Promise<void> {
  if (abort.aborted) return Promise.resolve()
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer)
      abort.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, ms)
    abort.addEventListener('abort', end)
  })
}

/** How long to wait before the next try (ms): longer each time, up to a limit. */
export class Backoff {
  private next: number

  constructor(
    private readonly least: number,
    private readonly most: number,
  ) {
    this.next = least
  }

  take(): number {
    const { next } = this
    this.next = Math.min(next * 2, this.most)
    return next
  }

  reset(): void {
    this.next = this.least
  }
}
