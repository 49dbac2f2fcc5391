// A run that counts calls as metrics: over a live capture, or over several files in sequence.
import { CallTally } from '../../metrics/call-tally.js'
import { captureMetrics, type OwnCost, ownSeries, seriesOfLabels } from '../../metrics/capture-metrics.js'
import { CountedCalls } from '../../metrics/counted-calls.js'
import { exposition } from '../../metrics/exposition.js'
import type { Metric } from '../../metrics/metric.js'
import { SeriesTable } from '../../metrics/series.js'
import type { Event } from '../../model/event.js'
import { epochOfMs, epochTime } from '../../otlp/resource.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import { OWN_USE } from '../../source/ceilings/own-use.js'
import { everyCgroup } from '../../source/cgroups.js'
import type { CaptureInfo, CaptureStats } from '../../source/source.js'
import { addStats, NO_STATS } from '../../source/stats.js'
import type { State } from '../../state/state.js'
import type { MetricsSettings } from '../options/metrics.js'
import type { Output } from '../output/stdout.js'
import type { Query } from '../query/query.js'
import type { Receiver } from '../run/receiver.js'
import { number, printMessage } from '../run/report.js'
import { VERSION } from '../version.js'
import type { MetricsPusher, Span } from './pushing.js'
import { type MetricsQuery, metricsQuery } from './query.js'

export class MetricsRun implements Receiver {
  readonly query: Query
  private readonly counted: MetricsQuery['counted']
  /** the capture has started */
  started = false
  private readonly table: SeriesTable
  private readonly startedAt = Date.now() / 1000 - process.uptime()
  /** statistics of the previous files */
  private before: CaptureStats = NO_STATS
  private stats: () => CaptureStats = () => NO_STATS
  private info: CaptureInfo | undefined
  /** the counted time range; for files, from the start of the first to the end of the last */
  private span: Span | undefined
  /** it was reported that the table of series is full */
  private fullReported = false
  /** ms at which metrics are printed or sent next */
  private due: number

  constructor(
    private readonly s: MetricsSettings,
    private readonly out: Output,
    private readonly pusher: MetricsPusher | undefined,
  ) {
    const { query, counted } = metricsQuery(s)
    this.query = query
    this.counted = counted
    this.table = new SeriesTable(
      s.dimensions.flatMap((d) => d.labels.map((label) => label.name)),
      { limit: s.series, own: ownSeries(), each: seriesOfLabels(s.buckets) },
    )
    this.due = performance.now() + (s.interval ?? Number.POSITIVE_INFINITY)
  }

  open(run: CaptureRun): Sink {
    const { info, states, isLive: live } = run
    const [state] = states as [State]
    this.info = info
    this.before = addStats(this.before, this.stats())
    this.stats = () => run.stats()
    const { table, counted } = this
    const { dimensions } = this.s
    const tally = new CallTally(table, dimensions)
    // a clock for each call would cost more than counting it
    let now = performance.now()
    const places = { tree: everyCgroup, containerOf: (path: string) => state.containers.ofCgroups([`=${path}`]) }
    const calls = counted && new CountedCalls(table, dimensions, places, counted.passing, now)
    return {
      begin: () => {
        this.started = true
      },
      show: (e: Event) => tally.add(e, now),
      ...(calls !== undefined && { hidden: (e: Event) => calls.take(e, now) }),
      flush: () => {
        now = performance.now()
        this.reportIfFull()
        return now >= this.due ? this.emit(now) : undefined
      },
      end: (time) => {
        const begin = this.span?.start ?? epochTime(info, live ? 0 : (run.first.time ?? 0))
        this.span = { start: begin, now: epochTime(info, time) }
      },
    }
  }

  metrics(): Metric[] {
    const { table, s } = this
    const live = s.capture.read.length === 0
    return captureMetrics({
      version: VERSION,
      table,
      buckets: s.buckets,
      stats: addStats(this.before, this.stats()),
      own: live ? this.own() : undefined,
    })
  }

  /** Prints or sends the final metrics after the last capture. Rejects with CliError (output) if they cannot be delivered. */
  async end(): Promise<void> {
    const { pusher, info, s } = this
    this.reportIfFull()
    if (pusher !== undefined && info !== undefined) await pusher.end(this.metrics(), info, this.spanUntilNow(info))
    else if (pusher === undefined && s.served === undefined) await this.out.text(exposition(this.metrics(), s.format))
  }

  /** Reports once that the limit of series is reached. */
  private reportIfFull(): void {
    if (this.fullReported || this.table.folded === 0) return
    this.fullReported = true
    const { capture, series } = this.s
    if (!capture.quiet)
      printMessage(
        `ksys: ${number(series)} series suffice for only ${number(this.table.size)} sets of labels: calls with further sets count as other; to cover them use fewer labels (--by), --buckets none, a filter or a higher --series`,
      )
  }

  /** Prints or sends the metrics at an interval. */
  private async emit(now: number): Promise<void> {
    const { pusher, info, s } = this
    const { interval = Number.POSITIVE_INFINITY } = s
    // intervals missed while the output was blocked are skipped
    this.due += interval * Math.ceil((now - this.due) / interval + 1e-9)
    if (pusher === undefined) await this.out.text(`${exposition(this.metrics(), s.format)}\n`)
    else if (info !== undefined) pusher.push(this.metrics(), info, this.spanUntilNow(info))
  }

  private spanUntilNow(info: CaptureInfo): Span {
    if (this.s.capture.read.length > 0 && this.span !== undefined) return this.span
    return { start: epochTime(info, 0), now: epochOfMs(Date.now()) }
  }

  private own(): OwnCost {
    return {
      cpu: OWN_USE.cpu(),
      memory: OWN_USE.memory(),
      startedAt: this.startedAt,
      ceilings: this.s.capture.ceilings ?? {},
    }
  }
}
