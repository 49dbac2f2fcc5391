// Where alerts go once they are made: counted, joined with others that are alike, written as text or JSON, handed to all outputs.
import { Grouping } from '../../rules/alerts/grouping.js'
import { internalAlert, isInternal } from '../../rules/alerts/internal.js'
import { alertJson, type JsonInclude } from '../../rules/alerts/json.js'
import { AlertCounts } from '../../rules/alerts/summary.js'
import { alertLine } from '../../rules/alerts/text.js'
import type { Output } from '../../rules/outputs/output.js'
import type { Alert, AlertValue } from '../../rules/rule.js'

/** ms between two looks at what outputs have lost */
const OFTEN = 1000
/** ms that outputs have in all at the end to deliver what waits */
const AT_END = 5000

export interface StreamOptions {
  readonly isoTime: boolean
  /** lines are JSON with these properties; undefined: text */
  readonly json: JsonInclude | undefined
  /** ns from the first alert of a group to its last; undefined: every alert goes by itself */
  readonly window: bigint | undefined
}

export class AlertStream {
  readonly counts: AlertCounts
  private readonly grouping: Grouping | undefined
  private looked = Number.NEGATIVE_INFINITY

  /** names: those of the rules, in the order in which the end names them. */
  constructor(
    private readonly outputs: readonly Output[],
    names: readonly string[],
    private readonly options: StreamOptions,
  ) {
    const { window, isoTime } = options
    this.counts = new AlertCounts(names)
    this.grouping = window === undefined ? undefined : new Grouping({ window, isoTime }, (alert) => this.send(alert))
  }

  /** alerts that were told by the number of another one */
  get joined(): number {
    return this.grouping?.joined ?? 0
  }

  /** More than half of what may wait does, somewhere. */
  get full(): boolean {
    for (const output of this.outputs) if (output.full) return true
    return false
  }

  take(alert: Alert): void {
    this.counts.count(alert)
    if (this.grouping === undefined) this.send(alert)
    else this.grouping.take(alert)
  }

  /** Tells something about the run itself. */
  tell(kind: Parameters<typeof internalAlert>[0], about: Told): void {
    this.send(internalAlert(kind, about.time, about.hostname, about.text, about.fields))
  }

  /** To be called often: ends groups whose time is over, and tells what outputs have lost. now: ns since 1970, of the capture. */
  tick(now: bigint, hostname: string): void {
    this.grouping?.tick(now)
    const at = performance.now()
    if (at - this.looked < OFTEN) return
    this.looked = at
    for (const output of this.outputs) this.tellLosses(output, now, hostname)
  }

  /** Fulfilled once outputs take more again, or get nothing done. */
  async room(): Promise<void> {
    await Promise.all(this.outputs.filter((o) => o.full).map((o) => o.room()))
  }

  reopen(): void {
    for (const output of this.outputs) output.reopen()
  }

  /** Ends the groups, has everything delivered and the outputs end. Tells by a sentence each what could not be delivered. */
  async close(say: (sentence: string) => void): Promise<void> {
    this.grouping?.flush()
    await Promise.all(this.outputs.map((o) => o.close(AT_END)))
    for (const { name, stats } of this.outputs) {
      const lost = stats.dropped + stats.failed
      if (lost > 0) say(`${name} did not get ${lost} of ${lost + stats.sent} alerts`)
    }
  }

  private send(alert: Alert): void {
    const { json, isoTime } = this.options
    const line = json === undefined ? alertLine(alert, isoTime) : alertJson(alert, json, isoTime)
    const formatted = { priority: alert.rule.priority, line, internal: isInternal(alert) }
    for (const output of this.outputs) output.offer(formatted)
  }

  private tellLosses(output: Output, time: bigint, hostname: string): void {
    const { dropped, failed, reason } = output.takeLosses()
    if (dropped + failed === 0) return
    const why = reason === undefined ? '' : `: ${reason}`
    const text = `Falco internal: output drop. ${dropped + failed} alerts did not reach ${output.name}${why}`
    const fields = { output: output.name, dropped, failed }
    const alert = internalAlert('outputLoss', time, hostname, text, fields)
    const { json, isoTime } = this.options
    const line = json === undefined ? alertLine(alert, isoTime) : alertJson(alert, json, isoTime)
    for (const other of this.outputs)
      if (other !== output) other.offer({ priority: alert.rule.priority, line, internal: true })
  }
}

/** What an alert about the run says. */
export interface Told {
  /** ns since 1970 */
  readonly time: bigint
  readonly hostname: string
  readonly text: string
  readonly fields: Readonly<Record<string, AlertValue>>
}
