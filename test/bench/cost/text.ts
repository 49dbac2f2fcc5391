// The results as plain text: a table for each load, with a line for each tool and columns for what was measured.
import type { Costs, LoadCosts, ToolCosts } from './costs.js'
import { METRIC_NAMES, METRICS, type MetricName } from './metrics.js'
import type { Estimate } from './statistics.js'

function cell(name: MetricName, found: Estimate | undefined): string {
  if (found === undefined) return ''
  const { digits } = METRICS[name]
  const { median, low, high } = found
  const spread = low === undefined || high === undefined ? '' : ` (${low.toFixed(digits)}-${high.toFixed(digits)})`
  return median.toFixed(digits) + spread
}

function loadText(name: string, load: LoadCosts): string {
  const all = Object.entries(load.tools)
  const columns = METRIC_NAMES.filter((metric) => all.some(([, costs]) => costs[metric] !== undefined))
  const line = ([tool, costs]: [string, ToolCosts]) => [tool, ...columns.map((metric) => cell(metric, costs[metric]))]
  const lines = [['', ...columns.map((metric) => METRICS[metric].title)], ...all.map(line)]
  const widths = columns.map((_, i) => Math.max(...lines.map((cells) => (cells[i + 1] as string).length)))
  const first = Math.max(...lines.map((cells) => (cells[0] as string).length))
  const head = `${name}: ${load.operation}. Bare ${load.bare.toFixed(0)} operations/s; half load ${load.half.toFixed(0)}/s.`
  return [
    head,
    ...lines.map(([tool, ...rest]) =>
      [(tool as string).padEnd(first), ...rest.map((text, i) => text.padStart(widths[i] as number))]
        .join('  ')
        .trimEnd(),
    ),
  ].join('\n')
}

/** All tables. */
export const plainText = ({ loads }: Costs): string =>
  Object.entries(loads)
    .map(([name, load]) => `${loadText(name, load)}\n`)
    .join('\n')
