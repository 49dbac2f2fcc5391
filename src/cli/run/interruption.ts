// The signal that ends a run: it stops the current source, and every wait for the other end of a FIFO.
import { constants } from 'node:os'
import { WaitCancelled, type Waiting } from '../../source/files.js'
import { WriteError } from '../../source/reason.js'
import { TraceError } from '../../trace/index.js'
import { printMessage } from './report.js'

export class Interruption {
  /** the first signal; undefined: none has arrived */
  signal: NodeJS.Signals | undefined
  /** stops the current source */
  private stop: ((signal: NodeJS.Signals) => void) | undefined

  /** A signal has arrived. */
  arrive(signal: NodeJS.Signals): void {
    this.signal = signal
    this.stop?.(signal)
  }

  /** Sets the function that stops the current source; it is called immediately if a signal has arrived. */
  stopWith(stop: (signal: NodeJS.Signals) => void): void {
    this.stop = stop
    if (this.signal !== undefined) stop(this.signal)
  }

  /** 128 + the number of the signal; undefined: none has arrived. */
  get exitCode(): number | undefined {
    return this.signal && 128 + constants.signals[this.signal]
  }

  /** How to wait for the other end of a FIFO; what: what the other end does, for the message. */
  waiting(what: string): Waiting {
    return {
      stopped: () => this.signal !== undefined,
      long: () => printMessage(`ksys: waiting for a ${what}`),
    }
  }

  /** The exit code of a run that failed because the signal ended such a wait. Rethrows any other error. */
  exitCodeAfter(e: unknown): number {
    const { exitCode } = this
    const isCancelledWait = (e instanceof TraceError || e instanceof WriteError) && e.cause instanceof WaitCancelled
    if (isCancelledWait && exitCode !== undefined) return exitCode
    throw e
  }
}
