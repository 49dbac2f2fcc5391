// Says to a person at a terminal that a capture is being prepared where that takes long. The kernel checks the programs and lists what runs
// already in calls that this thread waits in, so that the addon has the clock.
import { isatty } from 'node:tty'
import { type Native, native } from '../../source/native.js'
import { tell } from './report.js'

const STDERR = 2
/** ms of preparing after which it is said */
const LONG = 2000

export class Preparing {
  private clock: Native | undefined

  /** Preparing begins. */
  constructor() {
    if (!isatty(STDERR)) return
    try {
      this.clock = native()
    } catch {
      // the capture says why there is no addon
    }
    this.clock?.announce(LONG, 'ksys: preparing the capture: this machine is busy\n')
  }

  /** The capture has begun. */
  begun(): void {
    if (this.clock?.withdraw() === true) tell('ksys: the capture has begun')
    this.clock = undefined
  }

  /** It has begun or failed. */
  end(): void {
    this.clock?.withdraw()
    this.clock = undefined
  }
}
