// What the service manager is told that started ksys (sd_notify): that the capture runs, how it stands, and that it goes on. Without
// one, which NOTIFY_SOCKET would name, nothing is told.
import { getSystemErrorName } from 'node:util'
import { declareNeeds } from '../../source/later-needs.js'
import { native } from '../../source/native.js'
import { visible } from '../output/visible.js'
import { tell } from './report.js'

/** ms between two sentences about how it stands, at least */
const OFTEN = 5000

export class ServiceManager {
  private isReady = false
  private status = ''
  /** when something is to be told next, and how often (ms) */
  private due = 0
  private readonly pace: number

  /** watchdog: ms within which it is to be told that ksys goes on */
  private constructor(
    private address: string | undefined,
    private readonly watchdog: number | undefined,
  ) {
    this.pace = Math.min(OFTEN, (watchdog ?? Number.POSITIVE_INFINITY) / 3)
  }

  /** The one that these variables name, which are removed: what ksys starts has not been started by it. */
  static takeFrom(env: NodeJS.ProcessEnv): ServiceManager {
    const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = env
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name]
    if (NOTIFY_SOCKET) declareNeeds({ sockets: [NOTIFY_SOCKET] })
    const ms = Number(WATCHDOG_USEC) / 1000
    const own = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid
    return new ServiceManager(NOTIFY_SOCKET || undefined, own && ms > 0 ? ms : undefined)
  }

  /** The capture runs. */
  ready(): void {
    this.isReady = true
    this.send('READY=1')
  }

  /** Tells of `work` that something is read or begun anew in it. */
  reload(work: () => void): void {
    if (!this.isReady) {
      work()
      return
    }
    this.send('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`)
    work()
    this.ready()
  }

  /** The capture ends. */
  stopping(): void {
    this.send('STOPPING=1')
  }

  /** To be called often: tells that ksys goes on, and how it stands. */
  tick(status: () => string | undefined): void {
    if (this.address === undefined || !this.isReady) return
    const now = performance.now()
    if (now < this.due) return
    this.due = now + this.pace
    const words = this.watchdog === undefined ? [] : ['WATCHDOG=1']
    // a line end would begin another word
    const text = visible(status() ?? '').replace(/\s+/g, ' ')
    if (text !== this.status) words.push(`STATUS=${text}`)
    this.status = text
    if (words.length > 0) this.send(...words)
  }

  private send(...words: string[]): void {
    if (this.address === undefined) return
    const errno = native().sendDatagram(this.address, words.join('\n'))
    if (errno === 0) return
    const why = getSystemErrorName(-errno)
    // a full queue is one message that is lost; whoever is not there will not come back
    if (why === 'EAGAIN') return
    const what = why === 'EINVAL' ? 'it is no address of a unix socket (/path or @name)' : why
    tell(`ksys: NOTIFY_SOCKET ${this.address} cannot be told how it stands: ${what}`)
    this.address = undefined
  }
}
