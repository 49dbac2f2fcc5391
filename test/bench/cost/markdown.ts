// The results as the tables of docs/costs-and-limits.md.
import type { Costs, LoadCosts, ToolCosts } from './costs.js'
import type { MetricName } from './metrics.js'
import type { Estimate } from './statistics.js'
import { BARE, TOOLS } from './tools/index.js'

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')

type Column = readonly [title: string, cell: (costs: ToolCosts) => string]

/** A number with three significant digits at most, and thousands separated. */
function short(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits })
}

const number = (costs: ToolCosts, name: MetricName): string => {
  const found = costs[name]
  return found === undefined ? '' : short(found.median)
}

/** Milliseconds of a number in microseconds. */
const ms = (costs: ToolCosts, name: MetricName): string => {
  const found = costs[name]
  return found === undefined ? '' : short(found.median / 1e3)
}

/** What is lost of the throughput, in per cent, with the interval. */
function lostShare(throughput: Estimate | undefined): string {
  if (throughput === undefined) return ''
  const { median, low, high } = throughput
  const percent = (ratio: number) => ((1 - ratio) * 100).toFixed(0).replace('-', '−')
  return low === undefined || high === undefined
    ? percent(median)
    : `${percent(median)} (${percent(high)} to ${percent(low)})`
}

const lostCalls = ({ marksMade, marksLost }: ToolCosts): string =>
  marksMade === undefined || marksLost === undefined ? '' : `${short(marksLost.median)} of ${short(marksMade.median)}`

const SATURATED: readonly Column[] = [
  ['Throughput lost, %', ({ throughput }) => lostShare(throughput)],
  ['p50, ms', (costs) => ms(costs, 'p50')],
  ['p99, ms', (costs) => ms(costs, 'p99')],
  ['Marked calls lost', lostCalls],
  ['Programs, ns a call', (costs) => number(costs, 'programs')],
  ['Own CPU, ns a call', (costs) => number(costs, 'cpuCall')],
  ['Bytes a call', (costs) => number(costs, 'bytes')],
]

const HALF: readonly Column[] = [
  ['p50 at half load, ms', (costs) => ms(costs, 'halfP50')],
  ['p99, ms', (costs) => ms(costs, 'halfP99')],
  ['Own CPU, %', (costs) => number(costs, 'halfCpu')],
  ['RSS, MB', (costs) => number(costs, 'halfRss')],
  ['PSS, MB', (costs) => number(costs, 'halfPss')],
]

/** A table of the tools that have a value in one of the columns; '' if none has. */
function toolTable(load: LoadCosts, columns: readonly Column[]): string {
  const rows = [BARE, ...TOOLS].flatMap(({ name, title }) => {
    const cells = columns.map(([, cell]) => cell(load.tools[name] ?? {}))
    return cells.some((cell) => cell !== '') ? [[title, ...cells]] : []
  })
  return rows.length === 0 ? '' : table(['Beside the load', ...columns.map(([column]) => column)], rows)
}

/** The lost throughput of all loads in one table. */
function overview(loads: readonly [string, LoadCosts][]): string {
  const tools = TOOLS.filter(({ name }) => loads.some(([, { tools: costs }]) => costs[name] !== undefined))
  const rows = tools.map(({ name, title }) => [
    title,
    ...loads.map(([, { tools: costs }]) => lostShare(costs[name]?.throughput)),
  ])
  return table(['Throughput lost, %', ...loads.map(([, { title }]) => title)], rows)
}

/** The generated part of the page; empty before the first measurement. */
export function costTables({ machine, date, loads }: Costs): string {
  const all = Object.entries(loads)
  if (all.length === 0) return ''
  const rounds = Math.min(...all.map(([, load]) => load.rounds))
  const halves = all.some(([, load]) => toolTable(load, HALF) !== '')
  const half = halves ? '\n"Half load" runs the same programs at half of their highest rate.' : ''
  const intro = `Real programs, as fast as possible beside each tool and without a tool. The load and the tool share all processors. The numbers are
medians of ${rounds} rounds. Brackets contain the interval in which the true median lies with a probability of at least 90 %.
"Marked calls lost" are calls that a program counted and the tool did not see.${half}

${machine.processor}, ${machine.cpus} processors, Linux ${machine.kernel}, ${date}.`
  const details = all.map(
    ([, load]) =>
      `**${load.title}**: ${load.operation}. Without a tool ${short(load.bare)} operations a second${halves ? `; half load is ${short(load.half)}` : ''}.\n\n${[
        SATURATED,
        HALF,
      ]
        .map((columns) => toolTable(load, columns))
        .filter((text) => text !== '')
        .join('\n')}`,
  )
  return `\n${intro}\n\n${overview(all)}\n${details.join('\n')}\n`
}

/** The page with these tables between its markers. */
export const withTables = (page: string, costs: Costs): string =>
  page.replace(
    /(<!-- generated: costs of real programs -->\n)[\s\S]*?(<!-- \/generated -->)/,
    (_, begin: string, end: string) => begin + costTables(costs) + end,
  )
