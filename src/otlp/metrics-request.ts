// Metrics as an OTLP request: cumulative, with names as OpenTelemetry spells them.
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { DIMENSIONS } from '../metrics/labels.js'
import type { HistogramMetric, Labels, Metric, PlainMetric } from '../metrics/metric.js'
import { type Refused, refusedBy } from './partial-success.js'
import { type EpochTime, type OtlpResource, scopeOf } from './resource.js'

type Request = Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0]
type Data = Request['scopeMetrics'][number]['metrics'][number]

/** Values of DataPointType, AggregationTemporality and ValueType of the OpenTelemetry packages, which are not loaded only for these. */
const HISTOGRAM = 0
const GAUGE = 2
const SUM = 3
const CUMULATIVE = 1
const DOUBLE = 1

interface MetricsPayload {
  readonly resource: OtlpResource
  readonly version: string
  /** when counting started */
  readonly start: EpochTime
  readonly now: EpochTime
}

/** The body of a request; metrics without samples are omitted. */
export function metricsRequest(metrics: readonly Metric[], o: MetricsPayload): Uint8Array {
  const sampled = metrics.filter((m) => m.samples.length > 0)
  const request = {
    resource: o.resource,
    scopeMetrics: [{ scope: scopeOf(o.version), metrics: sampled.map((m) => dataOf(m, o)) }],
  }
  const body = ProtobufMetricsSerializer.serializeRequest(request as unknown as Request)
  if (body === undefined) throw new Error('cannot encode the metrics as protobuf')
  return body
}

/** What a receiver rejected of a request, from its response; undefined: nothing. */
export function refusedMetrics(answer: Buffer): Refused | undefined {
  return refusedBy(answer, 'rejectedDataPoints', (bytes) => ProtobufMetricsSerializer.deserializeResponse(bytes))
}

function dataOf(metric: Metric, { start, now }: MetricsPayload): Data {
  const { name, unit } = otlpName(metric.name)
  const data = {
    descriptor: { name, description: metric.help, unit, valueType: DOUBLE },
    aggregationTemporality: CUMULATIVE,
    ...(metric.type === 'histogram' ? histogram(metric, start, now) : points(metric, start, now)),
  }
  return data as unknown as Data
}

function points(metric: PlainMetric, start: EpochTime, endTime: EpochTime) {
  const counts = metric.type === 'counter'
  return {
    dataPointType: counts ? SUM : GAUGE,
    isMonotonic: counts,
    dataPoints: metric.samples.map(({ labels, value }) => ({
      startTime: counts ? start : endTime,
      endTime,
      attributes: attributes(labels),
      value,
    })),
  }
}

function histogram({ bounds, samples }: HistogramMetric, startTime: EpochTime, endTime: EpochTime) {
  return {
    dataPointType: HISTOGRAM,
    dataPoints: samples.map(({ labels, counts: bucketCounts, sum }) => {
      const counts = Array.from(bucketCounts).slice(0, bounds.length + 1)
      const count = counts.reduce((n, c) => n + c, 0)
      return {
        startTime,
        endTime,
        attributes: attributes(labels),
        value: { buckets: { boundaries: bounds, counts }, sum, count },
      }
    }),
  }
}

const UNITS: Readonly<Record<string, string>> = { seconds: 's', bytes: 'By', ratio: '1' }

/** Converts a Prometheus name: ksys_syscall_duration_seconds to ksys.syscall.duration with unit s. */
function otlpName(name: string): { name: string; unit: string } {
  const base = name.replace(/_(total|info)$/, '')
  const unit = /_(seconds|bytes|ratio)$/.exec(base)?.[1]
  const short = unit === undefined ? base : base.slice(0, -unit.length - 1)
  return { name: short.replaceAll('_', '.'), unit: unit === undefined ? '' : (UNITS[unit] as string) }
}

const ATTRIBUTES = new Map(DIMENSIONS.flatMap((d) => d.labels.map((label) => [label.name, label.attribute])))

function attributes(labels: Labels | undefined): Labels {
  return Object.fromEntries(Object.entries(labels ?? {}).map(([name, value]) => [ATTRIBUTES.get(name) ?? name, value]))
}
