// The thread that tells that a capture is being prepared, in place of the one that waits in the kernel.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { type Clock, STATE } from './preparing.js'

const { state, long } = workerData as Clock

if (
  Atomics.wait(state, 0, STATE.PREPARING, long) === 'timed-out' &&
  Atomics.compareExchange(state, 0, STATE.PREPARING, STATE.TOLD) === STATE.PREPARING
)
  try {
    // process.stderr of a thread is written by the one that waits
    writeSync(2, 'ksys: preparing the capture: this machine is busy\n')
  } catch {
    // nobody reads it
  }
