// Where alerts go once they are made: they are counted, joined with others that are alike, and handed to all outputs.
import { Grouping } from '../../rules/alerts/grouping.js'
import { type INTERNAL, internalAlert } from '../../rules/alerts/internal.js'
import { AlertCounts } from '../../rules/alerts/summary.js'
import type { Outputs } from '../../rules/outputs/outputs.js'
import type { Alert, AlertValue } from '../../rules/rule.js'

/** ms that outputs have at the end to deliver what waits */
const AT_END = 5000

/** What an alert about the run says. */
export interface AboutRun {
  /** ns since 1970 */
  readonly time: bigint
  readonly hostname: string
  readonly text: string
  readonly fields: Readonly<Record<string, AlertValue>>
}

export interface StreamOptions {
  /** times in texts are ISO 8601, in UTC */
  readonly isoTime: boolean
  /** ns from the first alert of a group to its last; undefined: every alert goes by itself */
  readonly window: bigint | undefined
}

export class AlertStream {
  readonly counts: AlertCounts
  private readonly grouping: Grouping | undefined
  /** ns since 1970, of the capture: the last time that is known */
  private now = 0n

  /** names: those of the rules, in the order in which the end names them. */
  constructor(
    private readonly outputs: Outputs,
    names: readonly string[],
    { isoTime, window }: StreamOptions,
  ) {
    this.counts = new AlertCounts(names)
    this.grouping =
      window === undefined ? undefined : new Grouping({ window, isoTime }, (alert) => this.outputs.offer(alert))
  }

  /** alerts that were told by the number of another one */
  get joined(): number {
    return this.grouping?.joined ?? 0
  }

  /** More than half of what may wait does, somewhere. */
  get full(): boolean {
    return this.outputs.full
  }

  take(alert: Alert): void {
    this.counts.count(alert)
    if (this.grouping === undefined) this.outputs.offer(alert)
    else this.grouping.take(alert)
  }

  /** Tells something about the run itself. */
  tell(kind: keyof typeof INTERNAL, { time, hostname, text, fields }: AboutRun): void {
    this.outputs.offer(internalAlert(kind, time, hostname, text, fields))
  }

  /**
   * To be called often: ends groups whose time is over, has outputs tell what they lost. now: ns since 1970, of the capture. Throws when
   * nobody reads standard output any more.
   */
  tick(now: bigint): void {
    this.now = now
    this.grouping?.tick(now)
    this.outputs.tick(now)
    this.outputs.check()
  }

  /** Fulfilled once outputs take more again, or get nothing done. */
  room(): Promise<void> {
    return this.outputs.waitForSpace()
  }

  /** Ends the groups, and has everything delivered. */
  async close(): Promise<void> {
    this.grouping?.flush()
    await this.outputs.close(AT_END, this.now)
    this.outputs.check()
  }
}
