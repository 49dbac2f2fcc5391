// What a metric is, whoever reads it: Prometheus, or a receiver of OpenTelemetry.

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels?: Labels
  readonly value: number
}

/** A histogram of one set of labels. */
export interface HistogramSample {
  readonly labels?: Labels
  /** values of each bucket alone, one more than there are bounds: the last has those above all */
  readonly counts: ArrayLike<number>
  /** of all values, in the metric's unit */
  readonly sum: number
}

interface Described {
  /** as Prometheus has it: with its unit, a counter's with _total, an info's with _info, such as ksys_events_total */
  readonly name: string
  /** one sentence */
  readonly help: string
}

export interface PlainMetric extends Described {
  /** info: facts in labels, its value is 1 */
  readonly type: 'counter' | 'gauge' | 'info'
  readonly samples: readonly Sample[]
}

export interface HistogramMetric extends Described {
  readonly type: 'histogram'
  /** upper bounds of buckets, growing, without the infinite one */
  readonly bounds: readonly number[]
  readonly samples: readonly HistogramSample[]
}

export type Metric = PlainMetric | HistogramMetric

/** What only grows; samples: a number where there are no labels. */
export function counter(name: string, help: string, samples: readonly Sample[] | number): PlainMetric {
  return { name, type: 'counter', help, samples: samplesOf(samples) }
}

/** What goes up and down. */
export function gauge(name: string, help: string, samples: readonly Sample[] | number): PlainMetric {
  return { name, type: 'gauge', help, samples: samplesOf(samples) }
}

/** Facts that are texts. */
export function info(name: string, help: string, labels: Labels): PlainMetric {
  return { name, type: 'info', help, samples: [{ labels, value: 1 }] }
}

function samplesOf(samples: readonly Sample[] | number): readonly Sample[] {
  return typeof samples === 'number' ? [{ value: samples }] : samples
}

/** How many series metrics are where Prometheus keeps them: each bucket of a histogram is one, and its sum and count. */
export function seriesIn(metrics: readonly Metric[]): number {
  return metrics.reduce((n, m) => n + m.samples.length * (m.type === 'histogram' ? m.bounds.length + 3 : 1), 0)
}
