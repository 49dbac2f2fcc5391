// Prints a message on a terminal if preparing a capture takes long. The kernel verifies the BPF programs and lists running processes in calls
// that block this thread, so the timer is in the addon.
import { isatty } from 'node:tty'
import { type Native, native } from '../../source/native.js'
import { printMessage } from './report.js'

const STDERR = 2
/** ms of preparing after which the message is printed */
const LONG = 2000

export class Preparing {
  private clock: Native | undefined

  /** Starts the timer. */
  constructor() {
    if (!isatty(STDERR)) return
    try {
      this.clock = native()
    } catch {
      // the capture reports why there is no addon
    }
    this.clock?.announce(LONG, 'ksys: preparing the capture: this machine is busy\n')
  }

  /** The capture has started. */
  started(): void {
    if (this.clock?.withdraw() === true) printMessage('ksys: the capture has started')
    this.clock = undefined
  }

  /** The capture has started or failed. */
  end(): void {
    this.clock?.withdraw()
    this.clock = undefined
  }
}
