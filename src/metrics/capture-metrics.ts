// The metrics of a capture: of its calls, and of the capture itself. Each metric is declared here.
import { areEvents, LOSSES } from '../schema/losses.js'
import type { CaptureStats } from '../source/source.js'
import { NO_STATS } from '../source/stats.js'
import { type Buckets, boundsOf, countsOf, measuresLatency } from './latency-buckets.js'
import { counter, gauge, info, type Labels, type Metric, type Sample, seriesIn } from './metric.js'
import { DIRECTIONS, Series, type SeriesTable } from './series.js'

/** Cost of a live capture, and its ceilings. */
export interface OwnCost {
  /** CPU time of the process so far (s) */
  readonly cpu: number
  /** bytes */
  readonly memory: number
  /** s since the epoch */
  readonly startedAt: number
  /** fraction of all CPUs, bytes, events per second; undefined: no ceiling */
  readonly ceilings: {
    readonly cpu?: number | undefined
    readonly memory?: number | undefined
    readonly calls?: number | undefined
  }
}

interface CaptureTotals {
  readonly version: string
  readonly stats: CaptureStats
  /** undefined for a file */
  readonly own: OwnCost | undefined
}

interface CaptureNumbers extends CaptureTotals {
  readonly table: SeriesTable
  readonly buckets: Buckets
}

/** All metrics, in output order. */
export function captureMetrics({ table, buckets, ...totals }: CaptureNumbers): Metric[] {
  const calls = callMetrics(table.all(), buckets)
  const others = totalsMetrics(totals)
  return [...calls, ...limitMetrics(table, seriesIn([...calls, ...others])), ...others]
}

/** Maximum number of series that do not depend on calls. */
export function ownSeries(): number {
  const losses = Object.fromEntries(LOSSES.map((kind) => [kind, 0])) as Record<(typeof LOSSES)[number], number>
  const ceilings = { cpu: 0, memory: 0, calls: 0 }
  const totals = totalsMetrics({
    version: '',
    stats: { ...NO_STATS, losses },
    own: { cpu: 0, memory: 0, startedAt: 0, ceilings },
  })
  return seriesIn(totals) + LIMIT_METRICS.length
}

/** Number of series of each label set, without its bytes. */
export function seriesOfLabels(buckets: Buckets): number {
  return seriesIn(callMetrics([new Series({}, 0)], buckets))
}

/** Metrics of series, label sets and their limit; others: number of series of all other metrics. */
const LIMIT_METRICS: readonly ((table: SeriesTable, others: number) => Metric)[] = [
  (_, others) =>
    gauge('ksys_series', 'Current number of series, including those of ksys itself.', others + LIMIT_METRICS.length),
  ({ limit }) => gauge('ksys_series_limit', 'Maximum number of series; beyond it, calls are counted as other.', limit),
  ({ size }) => gauge('ksys_label_sets', 'Label sets of calls that have their own series.', size),
  ({ folded }) => gauge('ksys_label_sets_folded', 'Label sets of calls that are counted as other.', folded),
]

function limitMetrics(table: SeriesTable, others: number): Metric[] {
  return LIMIT_METRICS.map((make) => make(table, others))
}

function totalsMetrics({ version, stats, own }: CaptureTotals): Metric[] {
  return [
    counter('ksys_events_captured_total', 'Events that the capture delivered.', stats.events),
    counter('ksys_events_lost_total', 'Events lost because buffers were full.', lost(stats)),
    counter('ksys_events_left_out_total', 'Events not recorded to stay below a ceiling.', stats.leftOut ?? 0),
    ...(own === undefined ? [] : costMetrics(own)),
    info('ksys_build_info', 'Version of ksys.', { version }),
  ]
}

function callMetrics(all: readonly Series[], buckets: Buckets): Metric[] {
  const samples = (value: (s: Series) => number): Sample[] => all.map((s) => ({ labels: s.labels, value: value(s) }))
  return [
    counter(
      'ksys_syscalls_total',
      'Finished system calls.',
      samples((s) => s.calls),
    ),
    counter(
      'ksys_syscall_errors_total',
      'Failed system calls.',
      samples((s) => s.errors),
    ),
    counter('ksys_syscall_bytes_total', 'Bytes transferred by system calls.', all.flatMap(bytesOf)),
    ...(measuresLatency(buckets) ? [durations(all, buckets)] : []),
  ]
}

function durations(all: readonly Series[], buckets: Buckets): Metric {
  return {
    type: 'histogram',
    name: 'ksys_syscall_duration_seconds',
    help: 'Duration of system calls, except those that started before the capture.',
    bounds: boundsOf(buckets),
    samples: all.map((s) => ({ labels: s.labels, counts: countsOf(buckets, s.buckets), sum: s.latency / 1e9 })),
  }
}

/** Cache: the labels of a series with each direction. */
const directed = new WeakMap<Labels, Readonly<Record<string, Labels>>>()

function bytesOf({ labels, bytes }: Series): Sample[] {
  let cached = directed.get(labels)
  if (cached === undefined) {
    cached = Object.fromEntries(DIRECTIONS.map((direction) => [direction, { ...labels, direction }]))
    directed.set(labels, cached)
  }
  const byDirection = cached
  return DIRECTIONS.flatMap((direction) => {
    const value = bytes[direction]
    return value === undefined ? [] : [{ labels: byDirection[direction] as Labels, value }]
  })
}

/** Lost events, by kind if known (live captures). */
function lost({ lost: events, losses }: CaptureStats): Sample[] {
  if (losses === undefined) return [{ value: events }]
  return LOSSES.filter(areEvents).map((kind) => ({ labels: { kind }, value: losses[kind] }))
}

function costMetrics({ cpu, memory, startedAt, ceilings }: OwnCost): Metric[] {
  const ceiling = (name: string, help: string, value: number | undefined) =>
    gauge(name, help, value === undefined ? [] : value)
  return [
    ceiling('ksys_ceiling_cpu_ratio', 'Fraction of all CPUs that the capture may use (--max-cpu).', ceilings.cpu),
    ceiling('ksys_ceiling_memory_bytes', 'Memory that the capture may use (--max-memory).', ceilings.memory),
    ceiling(
      'ksys_ceiling_cgroup_events',
      'Events per second and cgroup that the capture may record (--max-calls).',
      ceilings.calls,
    ),
    counter('process_cpu_seconds_total', 'CPU time of ksys itself.', cpu),
    gauge('process_resident_memory_bytes', "Memory of ksys itself, excluding the kernel's buffers.", memory),
    gauge('process_start_time_seconds', 'Start time of ksys, in seconds since the epoch.', startedAt),
  ]
}
