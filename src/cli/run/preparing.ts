// Tells that a capture is being prepared where that takes long. The kernel checks the programs and tells what runs already in calls
// that this thread waits in, so that another one has the clock.
import { Worker } from 'node:worker_threads'
import { tell } from './report.js'

/** ms of preparing after which that is told */
const LONG = 2000
export const STATE = { PREPARING: 0, OVER: 1, TOLD: 2 } as const

/** What the thread with the clock is started with. */
export interface Clock {
  /** one of STATE */
  readonly state: Int32Array
  readonly long: number
}

export class Preparing {
  private readonly state = new Int32Array(new SharedArrayBuffer(4))

  /** Preparing begins. */
  constructor() {
    const workerData: Clock = { state: this.state, long: LONG }
    const worker = new Worker(new URL('./preparing-clock.js', import.meta.url), { workerData, execArgv: [] })
    // without the thread nothing is told, and the capture goes on
    worker.on('error', () => undefined)
    worker.unref()
  }

  /** The capture has begun. */
  begun(): void {
    if (this.end() === STATE.TOLD) tell('ksys: the capture has begun')
  }

  /** It has begun or failed; returns what it was before. */
  end(): number {
    const before = Atomics.exchange(this.state, 0, STATE.OVER)
    Atomics.notify(this.state, 0)
    return before
  }
}
