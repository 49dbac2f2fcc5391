// What a run of rules tells in numbers.
import type { AlertCounts } from '../alerts/summary.js'
import type { NamedStats } from '../outputs/outputs.js'
import type { Metric } from './exposition.js'

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
  /** s since the run began */
  readonly uptime: number
}

/** The metrics of a run. */
export function metricsOf({ alerts, joined, outputs, events, rules, uptime }: Measured): Metric[] {
  const ofOutputs = (value: (stats: NamedStats) => number) =>
    outputs.map((stats) => ({ labels: { output: stats.name }, value: value(stats) }))
  return [
    counter(
      'ksys_rules_alerts_total',
      'Alerts by rule.',
      alerts
        .rules()
        .map(({ name, priority, source, count }) => ({ labels: { rule: name, priority, source }, value: count })),
    ),
    counter('ksys_rules_alerts_joined_total', 'Alerts that were counted into one that is alike.', [{ value: joined }]),
    gauge('ksys_rules_loaded', 'Rules that are enabled.', [{ value: rules }]),
    counter('ksys_events_total', 'Events that rules were asked about.', [{ value: events.judged }]),
    counter('ksys_events_lost_total', 'Events that were lost before rules could be asked.', [{ value: events.lost }]),
    counter(
      'ksys_output_sent_total',
      'Alerts that an output has delivered.',
      ofOutputs((o) => o.sent),
    ),
    counter(
      'ksys_output_dropped_total',
      'Alerts that an output left out as too many waited.',
      ofOutputs((o) => o.dropped),
    ),
    counter(
      'ksys_output_failed_total',
      'Alerts that an output could not deliver.',
      ofOutputs((o) => o.failed),
    ),
    gauge(
      'ksys_output_queued',
      'Alerts that wait for an output.',
      ofOutputs((o) => o.queued),
    ),
    gauge('ksys_uptime_seconds', 'Seconds since the run began.', [{ value: uptime }]),
    gauge('process_resident_memory_bytes', 'Memory of the process.', [{ value: process.memoryUsage.rss() }]),
  ]
}

const counter = (name: string, help: string, samples: Metric['samples']): Metric => ({
  name,
  type: 'counter',
  help,
  samples,
})
const gauge = (name: string, help: string, samples: Metric['samples']): Metric => ({
  name,
  type: 'gauge',
  help,
  samples,
})
