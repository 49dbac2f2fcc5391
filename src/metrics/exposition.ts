// Metrics in Prometheus' text format (exposition format 0.0.4) and as OpenMetrics 1.0.
import type { HistogramMetric, Labels, Metric } from './metric.js'

type ExpositionFormat = 'prometheus' | 'openmetrics'

/** Content types of the formats. */
export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** The text of metrics; those without samples are omitted. */
export function exposition(metrics: readonly Metric[], format: ExpositionFormat = 'prometheus'): string {
  const out: string[] = []
  for (const metric of metrics) if (metric.samples.length > 0) add(out, metric, format)
  if (format === 'openmetrics') out.push('# EOF')
  return out.length === 0 ? '' : `${out.join('\n')}\n`
}

/** The format for a client's Accept header: OpenMetrics if the client accepts it and does not prefer text. */
export function formatFor(accept: string | undefined): ExpositionFormat {
  const quality = (type: string) =>
    Math.max(
      0,
      ...(accept ?? '').split(',').map((range) => {
        const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
        const version = parameters.find((p) => p.startsWith('version='))
        if (name !== type || (type === OPENMETRICS && version !== undefined && version !== 'version=1.0.0')) return 0
        const q = Number(parameters.find((p) => p.startsWith('q='))?.slice(2) ?? 1)
        return Number.isFinite(q) ? q : 0
      }),
    )
  const wanted = quality(OPENMETRICS)
  return wanted > 0 && wanted >= quality('text/plain') ? 'openmetrics' : 'prometheus'
}

const OPENMETRICS = 'application/openmetrics-text'

function add(out: string[], metric: Metric, format: ExpositionFormat): void {
  const { name, help } = metric
  const open = format === 'openmetrics'
  const family = open ? name.replace(SUFFIX, '') : name
  out.push(
    `# HELP ${family} ${open ? escaped(help) : escapedLine(help)}`,
    `# TYPE ${family} ${metric.type === 'info' && !open ? 'gauge' : metric.type}`,
  )
  const unit = UNITS.exec(family)?.[1]
  if (open && unit !== undefined) out.push(`# UNIT ${family} ${unit}`)
  if (metric.type === 'histogram') addHistogram(out, metric)
  else for (const { labels, value } of metric.samples) out.push(`${name}${braced(labelText(labels))} ${number(value)}`)
}

/** Suffixes of counters and infos, which are not part of the family's name in OpenMetrics. */
const SUFFIX = /_(total|info)$/
/** Units in the names of families. */
const UNITS = /_(seconds|bytes)$/

function addHistogram(out: string[], { name, bounds, samples }: HistogramMetric): void {
  const ends = [...bounds.map(bound), '+Inf']
  for (const { labels, counts, sum } of samples) {
    const text = labelText(labels)
    const before = text === '' ? '' : `${text},`
    let count = 0
    for (let i = 0; i < ends.length; i++) {
      count += counts[i] ?? 0
      out.push(`${name}_bucket{${before}le="${ends[i]}"} ${number(count)}`)
    }
    out.push(`${name}_sum${braced(text)} ${number(sum)}`, `${name}_count${braced(text)} ${number(count)}`)
  }
}

/** Cache: texts of labels, whose objects are reused. */
const texts = new WeakMap<Labels, string>()

function labelText(labels: Labels | undefined): string {
  if (labels === undefined) return ''
  let text = texts.get(labels)
  if (text === undefined) {
    text = Object.entries(labels)
      .map(([name, value]) => `${name}="${escaped(Buffer.from(value).toString())}"`)
      .join(',')
    texts.set(labels, text)
  }
  return text
}

function braced(text: string): string {
  return text === '' ? '' : `{${text}}`
}

function escaped(text: string): string {
  return escapedLine(text).replaceAll('"', '\\"')
}

function escapedLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'
}

/** A bucket's bound, always in the same form (Go's %g, with a decimal point), since readers compare it as text. */
function bound(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4)
    return value.toExponential().replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`)
  const text = number(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}
