// The path of alerts: they are counted, grouped with similar ones, and handed to all outputs.
import { Grouping } from '../../rules/alerts/grouping.js'
import { type INTERNAL, internalAlert } from '../../rules/alerts/internal.js'
import { AlertCounts } from '../../rules/alerts/summary.js'
import type { Outputs } from '../../rules/outputs/outputs.js'
import type { Alert, AlertValue } from '../../rules/rule.js'

/** ms that outputs have at the end to deliver queued alerts */
const AT_END = 5000

/** The contents of an alert about the run itself. */
interface RunAlert {
  /** ns since 1970 */
  readonly time: bigint
  readonly hostname: string
  readonly text: string
  readonly fields: Readonly<Record<string, AlertValue>>
}

interface StreamOptions {
  /** times in texts are ISO 8601, in UTC */
  readonly isoTime: boolean
  /** ns from the first alert of a group to its last; undefined: alerts are not grouped */
  readonly window: bigint | undefined
}

export class AlertStream {
  readonly counts: AlertCounts
  private readonly grouping: Grouping | undefined
  /** the last known capture time, in ns since 1970 */
  private now = 0n

  /** names: those of the rules, in the order of the summary at the end. */
  constructor(
    private readonly outputs: Outputs,
    names: readonly string[],
    { isoTime, window }: StreamOptions,
  ) {
    this.counts = new AlertCounts(names)
    this.grouping =
      window === undefined ? undefined : new Grouping({ window, isoTime }, (alert) => this.outputs.offer(alert))
  }

  /** number of alerts that were merged into another one */
  get joined(): number {
    return this.grouping?.joined ?? 0
  }

  /** Whether the queue of some output is more than half full. */
  get full(): boolean {
    return this.outputs.full
  }

  take(alert: Alert): void {
    this.counts.count(alert)
    if (this.grouping === undefined) this.outputs.offer(alert)
    else this.grouping.take(alert)
  }

  /** Emits an alert about the run itself. */
  emitInternal(kind: keyof typeof INTERNAL, { time, hostname, text, fields }: RunAlert): void {
    this.outputs.offer(internalAlert(kind, time, hostname, text, fields))
  }

  /**
   * Call often: ends groups whose window is over, and lets outputs report losses. now: capture time, ns since 1970. Throws when the
   * reader of standard output is gone.
   */
  tick(now: bigint): void {
    this.now = now
    this.grouping?.tick(now)
    this.outputs.tick(now)
    this.outputs.check()
  }

  /** Fulfilled once outputs accept alerts again, or make no progress. */
  capacity(): Promise<void> {
    return this.outputs.waitForSpace()
  }

  /** Ends the groups, and delivers everything. */
  async close(): Promise<void> {
    this.grouping?.flush()
    await this.outputs.close(AT_END, this.now)
    this.outputs.check()
  }
}
