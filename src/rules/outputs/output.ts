// An output: takes alerts as lines without ever waiting, and delivers them in its own time.
import type { Priority } from '../rule.js'

/** An alert as it is handed to outputs. */
export interface Formatted {
  readonly priority: Priority
  /** one line, without its end */
  readonly line: string
  /** it is about the run itself: where it cannot be delivered nothing more is said */
  readonly internal: boolean
}

/** The lines of alerts, each with its end. */
export function joinAlerts(alerts: readonly Formatted[]): string {
  return `${alerts.map((alert) => alert.line).join('\n')}\n`
}

export interface OutputStats {
  /** alerts that were delivered */
  readonly sent: number
  /** left out as too many waited */
  readonly dropped: number
  /** that could not be delivered */
  readonly failed: number
  /** that wait */
  readonly queued: number
}

/** Alerts that were lost since it was asked before, other than internal ones. */
export interface Losses {
  readonly dropped: number
  readonly failed: number
  /** what went wrong last, as a clause */
  readonly reason: string | undefined
}

export interface Output {
  /** as a person wrote it, without what is secret */
  readonly name: string
  readonly stats: OutputStats
  /** more than half of what may wait does: whoever can wait for room() should */
  readonly full: boolean
  /** Takes an alert when it is grave enough, and leaves it out when too many wait. Returns at once, and never throws. */
  offer(alert: Formatted): void
  /** Opens its file once more by its name; others do nothing. */
  reopen(): void
  takeLosses(): Losses
  /** Fulfilled when it is no longer full, or gets nothing done. */
  waitForSpace(): Promise<void>
  /** Delivers what waits, for so many ms at most, and ends. What is left counts as failed. */
  close(patience: number): Promise<void>
}
