// An output: accepts alerts as lines without waiting, and delivers them asynchronously.
import type { Priority } from '../rule.js'

/** An alert in the form that outputs accept. */
export interface Formatted {
  readonly priority: Priority
  /** one line, without its end */
  readonly line: string
  /** it is about the run itself: failure to deliver it is not reported again */
  readonly internal: boolean
}

/** The lines of alerts, each with its end. */
export function joinAlerts(alerts: readonly Formatted[]): string {
  return `${alerts.map((alert) => alert.line).join('\n')}\n`
}

export interface OutputStats {
  /** alerts delivered */
  readonly sent: number
  /** alerts dropped because the queue was full */
  readonly dropped: number
  /** alerts that could not be delivered */
  readonly failed: number
  /** alerts in the queue or in delivery */
  readonly queued: number
}

/** Alerts lost since the previous takeLosses(), except internal ones. */
export interface Losses {
  readonly dropped: number
  readonly failed: number
  /** the last problem, as a clause */
  readonly reason: string | undefined
}

export interface Output {
  /** as specified by the user, without secrets */
  readonly name: string
  readonly stats: OutputStats
  /** the queue is more than half full: a caller that can should await waitForSpace() */
  readonly full: boolean
  /** Queues an alert if its priority is high enough, and drops it if the queue is full. Returns at once and never throws. */
  offer(alert: Formatted): void
  /** Reopens the file by its name; outputs without a file do nothing. */
  reopen(): void
  takeLosses(): Losses
  /** Resolves when the output is no longer `full`, or makes no progress. */
  waitForSpace(): Promise<void>
  /** Delivers queued alerts for at most `patience` ms, and closes. Undelivered alerts count as failed. */
  close(patience: number): Promise<void>
}
