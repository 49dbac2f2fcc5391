// Metrics of a rules run.
import { counter, gauge, type PlainMetric } from '../metrics/metric.js'
import type { AlertCounts } from './alerts/summary.js'
import type { NamedStats } from './outputs/outputs.js'

/** Sources of the metrics. */
interface Measured {
  readonly alerts: AlertCounts
  /** alerts that grouping counted instead of emitting them */
  readonly joined: number
  readonly outputs: readonly NamedStats[]
  /** events evaluated against rules, and events lost before evaluation */
  readonly events: { readonly judged: number; readonly lost: number }
  /** enabled rules */
  readonly rules: number
  /** successful reloads of the rules, and reloads that failed, after which the previous rules stay active */
  readonly reloads: { readonly done: number; readonly failed: number }
  /** s since the run started */
  readonly uptime: number
}

/** The metrics of a run. */
export function metricsOf({ alerts, joined, outputs, events, rules, reloads, uptime }: Measured): PlainMetric[] {
  const perOutput = (value: (stats: NamedStats) => number) =>
    outputs.map((stats) => ({ labels: { output: stats.name }, value: value(stats) }))
  return [
    counter(
      'ksys_rules_alerts_total',
      'Alerts by rule.',
      alerts
        .rules()
        .map(({ name, priority, source, count }) => ({ labels: { rule: name, priority, source }, value: count })),
    ),
    counter(
      'ksys_rules_alerts_joined_total',
      'Repeated alerts that were counted by grouping instead of emitted.',
      joined,
    ),
    gauge('ksys_rules_loaded', 'Enabled rules.', rules),
    counter('ksys_rules_reloads_total', 'Reloads of the rules.', [
      { labels: { result: 'done' }, value: reloads.done },
      { labels: { result: 'failed' }, value: reloads.failed },
    ]),
    counter('ksys_events_total', 'Events evaluated against rules.', events.judged),
    counter('ksys_events_lost_total', 'Events lost before they could be evaluated.', events.lost),
    counter(
      'ksys_output_sent_total',
      'Alerts delivered by an output.',
      perOutput((o) => o.sent),
    ),
    counter(
      'ksys_output_dropped_total',
      'Alerts dropped because the queue was full.',
      perOutput((o) => o.dropped),
    ),
    counter(
      'ksys_output_failed_total',
      'Alerts that an output could not deliver.',
      perOutput((o) => o.failed),
    ),
    gauge(
      'ksys_output_queued',
      'Alerts queued for an output.',
      perOutput((o) => o.queued),
    ),
    gauge('ksys_uptime_seconds', 'Seconds since the run started.', uptime),
    gauge('process_resident_memory_bytes', 'Resident memory of the process, in bytes.', process.memoryUsage.rss()),
  ]
}
