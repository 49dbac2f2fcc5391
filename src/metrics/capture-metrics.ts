// The metrics of a capture: what calls there were, and how the capture itself stands. Each is declared here and nowhere else.
import { areEvents, LOSSES } from '../schema/losses.js'
import type { CaptureStats } from '../source/source.js'
import { NO_STATS } from '../source/stats.js'
import { type Buckets, boundsOf, countsOf } from './latency-buckets.js'
import { counter, gauge, info, type Labels, type Metric, type Sample, seriesIn } from './metric.js'
import { DIRECTIONS, Series, type SeriesTable } from './series.js'

/** What a live capture costs, and may cost. */
export interface OwnCost {
  /** s of CPU time so far, of the process */
  readonly cpu: number
  /** bytes */
  readonly memory: number
  /** s since the epoch */
  readonly startedAt: number
  /** parts, bytes, events a second; undefined: no ceiling */
  readonly ceilings: {
    readonly cpu?: number | undefined
    readonly memory?: number | undefined
    readonly calls?: number | undefined
  }
}

interface CaptureTotals {
  readonly version: string
  readonly stats: CaptureStats
  /** undefined: a file was read */
  readonly own: OwnCost | undefined
}

export interface CaptureNumbers extends CaptureTotals {
  readonly table: SeriesTable
  readonly buckets: Buckets
}

/** All metrics, in the order in which they are shown. */
export function captureMetrics({ table, buckets, ...standing }: CaptureNumbers): Metric[] {
  const calls = callMetrics(table.all(), buckets)
  const others = standingMetrics(standing)
  return [...calls, ...limitMetrics(table, seriesIn([...calls, ...others])), ...others]
}

/** Series that there are whatever calls come, at most. */
export function ownSeries(): number {
  const losses = Object.fromEntries(LOSSES.map((kind) => [kind, 0])) as Record<(typeof LOSSES)[number], number>
  const ceilings = { cpu: 0, memory: 0, calls: 0 }
  const standing = standingMetrics({
    version: '',
    stats: { ...NO_STATS, losses },
    own: { cpu: 0, memory: 0, startedAt: 0, ceilings },
  })
  return seriesIn(standing) + LIMIT_METRICS.length
}

/** Series of each set of labels, but for its bytes. */
export function seriesOfLabels(buckets: Buckets): number {
  return seriesIn(callMetrics([new Series({}, 0)], buckets))
}

/** How series and sets of labels stand to their limit; others: series of all other metrics. */
const LIMIT_METRICS: readonly ((table: SeriesTable, others: number) => Metric)[] = [
  (_, others) => gauge('ksys_series', 'Series that there are, all of ksys together.', others + LIMIT_METRICS.length),
  ({ limit }) => gauge('ksys_series_limit', 'Series that there may be; what finds no place counts as other.', limit),
  ({ size }) => gauge('ksys_label_sets', 'Sets of labels of calls that have series of their own.', size),
  ({ folded }) => gauge('ksys_label_sets_folded', 'Sets of labels of calls that count as other.', folded),
]

function limitMetrics(table: SeriesTable, others: number): Metric[] {
  return LIMIT_METRICS.map((make) => make(table, others))
}

function standingMetrics({ version, stats, own }: CaptureTotals): Metric[] {
  return [
    counter('ksys_events_captured_total', 'Events that the capture has delivered.', stats.events),
    counter('ksys_events_lost_total', 'Events that were lost as buffers were full.', lost(stats)),
    counter('ksys_events_left_out_total', 'Events that were left out to stay below a ceiling.', stats.leftOut ?? 0),
    ...(own === undefined ? [] : costMetrics(own)),
    info('ksys_build_info', 'The ksys that tells this.', { version }),
  ]
}

function callMetrics(all: readonly Series[], buckets: Buckets): Metric[] {
  const samples = (value: (s: Series) => number): Sample[] => all.map((s) => ({ labels: s.labels, value: value(s) }))
  return [
    counter(
      'ksys_syscalls_total',
      'System calls that have ended.',
      samples((s) => s.calls),
    ),
    counter(
      'ksys_syscall_errors_total',
      'System calls that have failed.',
      samples((s) => s.errors),
    ),
    counter('ksys_syscall_bytes_total', 'Bytes that system calls have moved.', all.flatMap(bytesOf)),
    {
      type: 'histogram',
      name: 'ksys_syscall_duration_seconds',
      help: 'How long system calls took; of those that began before the capture it is not known.',
      bounds: boundsOf(buckets),
      samples: all.map((s) => ({ labels: s.labels, counts: countsOf(buckets, s.buckets), sum: s.latency / 1e9 })),
    },
  ]
}

/** Labels of a series with each direction, made once. */
const directed = new WeakMap<Labels, Readonly<Record<string, Labels>>>()

function bytesOf({ labels, bytes }: Series): Sample[] {
  let by = directed.get(labels)
  if (by === undefined) {
    by = Object.fromEntries(DIRECTIONS.map((direction) => [direction, { ...labels, direction }]))
    directed.set(labels, by)
  }
  const of = by
  return DIRECTIONS.flatMap((direction) => {
    const value = bytes[direction]
    return value === undefined ? [] : [{ labels: of[direction] as Labels, value }]
  })
}

/** By kind where that is known, as it is of a live capture. */
function lost({ lost: events, losses }: CaptureStats): Sample[] {
  if (losses === undefined) return [{ value: events }]
  return LOSSES.filter(areEvents).map((kind) => ({ labels: { kind }, value: losses[kind] }))
}

function costMetrics({ cpu, memory, startedAt, ceilings }: OwnCost): Metric[] {
  const ceiling = (name: string, help: string, value: number | undefined) =>
    gauge(name, help, value === undefined ? [] : value)
  return [
    ceiling('ksys_ceiling_cpu_ratio', 'The part of all CPUs that the capture may use (--max-cpu).', ceilings.cpu),
    ceiling('ksys_ceiling_memory_bytes', 'The memory that the capture may use (--max-memory).', ceilings.memory),
    ceiling('ksys_ceiling_cgroup_events', 'Events of a cgroup recorded in a second (--max-calls).', ceilings.calls),
    counter('process_cpu_seconds_total', 'CPU time of ksys itself.', cpu),
    gauge('process_resident_memory_bytes', "Memory of ksys itself, without the kernel's buffers.", memory),
    gauge('process_start_time_seconds', 'When ksys began, in seconds since the epoch.', startedAt),
  ]
}
