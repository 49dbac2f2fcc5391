// Notifies the service manager that started ksys (sd_notify): readiness, status and watchdog keep-alives. Without NOTIFY_SOCKET nothing is
// sent.
import { getSystemErrorName } from 'node:util'
import { declareNeeds } from '../../source/later-needs.js'
import { native } from '../../source/native.js'
import { visible } from '../output/visible.js'
import { printMessage } from './report.js'

/** minimum ms between status messages */
const OFTEN = 5000

export class ServiceManager {
  private isReady = false
  private status = ''
  /** when the next message is due (performance.now()), and the interval (ms) */
  private due = 0
  private readonly pace: number

  /** watchdog: ms within which a keep-alive must be sent */
  private constructor(
    private address: string | undefined,
    private readonly watchdog: number | undefined,
  ) {
    this.pace = Math.min(OFTEN, (watchdog ?? Number.POSITIVE_INFINITY) / 3)
  }

  /** The service manager that these variables name. They are removed, since they do not apply to child processes of ksys. */
  static takeFrom(env: NodeJS.ProcessEnv): ServiceManager {
    const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = env
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name]
    if (NOTIFY_SOCKET) declareNeeds({ sockets: [NOTIFY_SOCKET] })
    const ms = Number(WATCHDOG_USEC) / 1000
    const own = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid
    return new ServiceManager(NOTIFY_SOCKET || undefined, own && ms > 0 ? ms : undefined)
  }

  /** The capture is running. */
  ready(): void {
    this.isReady = true
    this.send('READY=1')
  }

  /** Reports `work` as a reload. */
  reload(work: () => void): void {
    if (!this.isReady) {
      work()
      return
    }
    this.send('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`)
    work()
    this.ready()
  }

  /** The capture is ending. */
  stopping(): void {
    this.send('STOPPING=1')
  }

  /** Call often: sends keep-alives and status. */
  tick(status: () => string | undefined): void {
    if (this.address === undefined || !this.isReady) return
    const now = performance.now()
    if (now < this.due) return
    this.due = now + this.pace
    const messages = this.watchdog === undefined ? [] : ['WATCHDOG=1']
    // a line end would start another assignment
    const text = visible(status() ?? '').replace(/\s+/g, ' ')
    if (text !== this.status) messages.push(`STATUS=${text}`)
    this.status = text
    if (messages.length > 0) this.send(...messages)
  }

  private send(...messages: string[]): void {
    if (this.address === undefined) return
    const errno = native().sendDatagram(this.address, messages.join('\n'))
    if (errno === 0) return
    const why = getSystemErrorName(-errno)
    // EAGAIN: the queue is full and only this message is lost; other errors are permanent
    if (why === 'EAGAIN') return
    const what = why === 'EINVAL' ? 'not an address of a unix socket (/path or @name)' : why
    printMessage(`ksys: cannot notify NOTIFY_SOCKET ${this.address}: ${what}`)
    this.address = undefined
  }
}
