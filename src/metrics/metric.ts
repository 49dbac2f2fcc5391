// The types of metrics, independent of the format: Prometheus or OpenTelemetry.

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels?: Labels
  readonly value: number
}

/** A histogram of one label set. */
interface HistogramSample {
  readonly labels?: Labels
  /** counts by bucket, not cumulative. There is one more than bounds: the last counts the values above all bounds */
  readonly counts: ArrayLike<number>
  /** sum of all values, in the metric's unit */
  readonly sum: number
}

interface Described {
  /** Prometheus' name, with its unit, and _total for a counter or _info for an info, such as ksys_events_total */
  readonly name: string
  /** one sentence */
  readonly help: string
}

export interface PlainMetric extends Described {
  /** info: has its facts in labels, and the value 1 */
  readonly type: 'counter' | 'gauge' | 'info'
  readonly samples: readonly Sample[]
}

export interface HistogramMetric extends Described {
  readonly type: 'histogram'
  /** upper bounds of buckets, ascending, without infinity */
  readonly bounds: readonly number[]
  readonly samples: readonly HistogramSample[]
}

export type Metric = PlainMetric | HistogramMetric

/** A value that only grows. samples: a number if there are no labels. */
export function counter(name: string, help: string, samples: readonly Sample[] | number): PlainMetric {
  return { name, type: 'counter', help, samples: samplesOf(samples) }
}

/** A value that goes up and down. */
export function gauge(name: string, help: string, samples: readonly Sample[] | number): PlainMetric {
  return { name, type: 'gauge', help, samples: samplesOf(samples) }
}

/** Facts as labels. */
export function info(name: string, help: string, labels: Labels): PlainMetric {
  return { name, type: 'info', help, samples: [{ labels, value: 1 }] }
}

function samplesOf(samples: readonly Sample[] | number): readonly Sample[] {
  return typeof samples === 'number' ? [{ value: samples }] : samples
}

/** Number of Prometheus series of metrics: each bucket of a histogram is one, and so are its sum and its count. */
export function seriesIn(metrics: readonly Metric[]): number {
  return metrics.reduce((n, m) => n + m.samples.length * (m.type === 'histogram' ? m.bounds.length + 3 : 1), 0)
}
