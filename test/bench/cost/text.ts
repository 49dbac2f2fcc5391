// The results as plain text: tables for each load, with a line for each tool.
import type { Costs, LoadCosts } from './costs.js'
import { METRICS, type MetricName } from './metrics.js'
import type { Estimate } from './statistics.js'

/** The columns of a table: all would not fit into a line. */
const GROUPS: readonly (readonly MetricName[])[] = [
  ['throughput', 'p50', 'p99', 'marksMade', 'marksLost', 'callsLost', 'eventsLost', 'kept'],
  ['share', 'programs', 'cpuCall', 'bytes'],
  ['halfP50', 'halfP99', 'halfP99Ratio', 'halfCpu', 'halfRss', 'halfPss'],
]

function cell(name: MetricName, found: Estimate | undefined): string {
  if (found === undefined) return ''
  const { digits } = METRICS[name]
  const { median, low, high } = found
  const spread = low === undefined || high === undefined ? '' : ` (${low.toFixed(digits)}-${high.toFixed(digits)})`
  return median.toFixed(digits) + spread
}

/** Cells below each other; the first column is aligned at its left, the others at their right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)))
  const pad = (text: string, i: number) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))
  return rows.map((cells) => `${cells.map(pad).join('  ').trimEnd()}\n`).join('')
}

function groupText(load: LoadCosts, group: readonly MetricName[]): string {
  const tools = Object.entries(load.tools).filter(([, costs]) => group.some((name) => costs[name] !== undefined))
  const columns = group.filter((name) => tools.some(([, costs]) => costs[name] !== undefined))
  if (columns.length === 0) return ''
  const rows = tools.map(([tool, costs]) => [tool, ...columns.map((name) => cell(name, costs[name]))])
  return `\n${aligned([['', ...columns.map((name) => METRICS[name].title)], ...rows])}`
}

function loadText(name: string, load: LoadCosts): string {
  const rates = `Bare ${load.bare.toFixed(0)} operations/s; half load ${load.half.toFixed(0)}/s.`
  return `${name}: ${load.operation}. ${rates}\n${GROUPS.map((group) => groupText(load, group)).join('')}`
}

/** All tables. */
export const plainText = ({ loads }: Costs): string =>
  Object.entries(loads)
    .map(([name, load]) => loadText(name, load))
    .join('\n')
