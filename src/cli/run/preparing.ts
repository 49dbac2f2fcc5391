// Tells that a capture is being prepared where that takes long. The kernel checks the programs and tells what runs already in calls
// that this thread waits in, so that another one has the clock.
import { Worker } from 'node:worker_threads'
import { tell } from './report.js'

/** ms of preparing after which that is told */
const LONG = 2000
const STATE = { PREPARING: 0, OVER: 1, TOLD: 2 } as const
const TEXT = 'ksys: preparing the capture: this machine is busy\n'

const CLOCK = `const { state, long, text } = require('node:worker_threads').workerData
if (Atomics.wait(state, 0, ${STATE.PREPARING}, long) === 'timed-out')
  if (Atomics.compareExchange(state, 0, ${STATE.PREPARING}, ${STATE.TOLD}) === ${STATE.PREPARING})
    try { require('node:fs').writeSync(2, text) } catch {}`

export class Preparing {
  private readonly state = new Int32Array(new SharedArrayBuffer(4))

  /** Preparing begins. */
  constructor() {
    const workerData = { state: this.state, long: LONG, text: TEXT }
    new Worker(CLOCK, { eval: true, workerData }).unref()
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
