// What a run of rules tells in numbers.
import { counter, gauge, type PlainMetric } from '../metrics/metric.js'
import type { AlertCounts } from './alerts/summary.js'
import type { NamedStats } from './outputs/outputs.js'

/** Where the numbers come from. */
export interface Measured {
  readonly alerts: AlertCounts
  /** alerts that grouping counted instead of handing them on */
  readonly joined: number
  readonly outputs: readonly NamedStats[]
  /** events that rules have judged, and that were lost before */
  readonly events: { readonly judged: number; readonly lost: number }
  /** rules that are enabled */
  readonly rules: number
  /** times that rules were read again, and that they stayed as something was wrong */
  readonly reloads: { readonly done: number; readonly failed: number }
  /** s since the run began */
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
    counter('ksys_rules_alerts_joined_total', 'Alerts that were counted into one that is alike.', joined),
    gauge('ksys_rules_loaded', 'Rules that are enabled.', rules),
    counter('ksys_rules_reloads_total', 'Times that rules were read again.', [
      { labels: { result: 'done' }, value: reloads.done },
      { labels: { result: 'failed' }, value: reloads.failed },
    ]),
    counter('ksys_events_total', 'Events that rules were asked about.', events.judged),
    counter('ksys_events_lost_total', 'Events that were lost before rules could be asked.', events.lost),
    counter(
      'ksys_output_sent_total',
      'Alerts that an output has delivered.',
      perOutput((o) => o.sent),
    ),
    counter(
      'ksys_output_dropped_total',
      'Alerts that an output left out as too many waited.',
      perOutput((o) => o.dropped),
    ),
    counter(
      'ksys_output_failed_total',
      'Alerts that an output could not deliver.',
      perOutput((o) => o.failed),
    ),
    gauge(
      'ksys_output_queued',
      'Alerts that wait for an output.',
      perOutput((o) => o.queued),
    ),
    gauge('ksys_uptime_seconds', 'Seconds since the run began.', uptime),
    gauge('process_resident_memory_bytes', 'Memory of the process.', process.memoryUsage.rss()),
  ]
}
