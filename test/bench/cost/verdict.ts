// Decides: what is worse than the table, and what must be true in each run.
import { type Costs, sameMachine, type ToolCosts } from './costs.js'
import { METRIC_NAMES, METRICS, type Metric, type MetricName } from './metrics.js'
import { type Estimate, worse } from './statistics.js'
import type { Tool } from './tools/tool.js'

/** A number that is worse than in the table, beyond the intervals of both. */
export interface Regression {
  load: string
  tool: string
  metric: MetricName
  now: Estimate
  table: Estimate
}

/** What is worse now. Numbers that depend on the machine are compared only with those of the same kernel and processor. */
export function regressions(now: Costs, table: Costs): Regression[] {
  const same = sameMachine(now.machine, table.machine)
  return Object.entries(now.loads).flatMap(([load, { tools }]) =>
    Object.entries(tools).flatMap(([tool, costs]) =>
      ofTool(costs, table.loads[load]?.tools[tool] ?? {}, same).map((found) => ({ load, tool, ...found })),
    ),
  )
}

function ofTool(costs: ToolCosts, table: ToolCosts, same: boolean): Pick<Regression, 'metric' | 'now' | 'table'>[] {
  return METRIC_NAMES.flatMap((metric) => {
    const { better, decides }: Metric = METRICS[metric]
    const [now, then] = [costs[metric], table[metric]]
    if (now === undefined || then === undefined || better === undefined || decides === undefined) return []
    if (decides === 'same machine' && !same) return []
    return worse(now, then, better) ? [{ metric, now, table: then }] : []
  })
}

/** Losses that must not be: marked calls that a tool must see, and calls that are missing without being reported. */
export function wrongLosses(now: Costs, tools: readonly Tool[]): string[] {
  return Object.entries(now.loads).flatMap(([load, { tools: costs }]) =>
    tools.flatMap(({ name, complete, limits }) => {
      const { marksLost, marksMade, callsLost, eventsLost } = costs[name] ?? {}
      const found: string[] = []
      if (complete && (marksLost?.median ?? 0) > 0)
        found.push(`${load}, ${name}: ${marksLost?.median} of ${marksMade?.median} marked calls were lost`)
      if (!limits && callsLost !== undefined && eventsLost !== undefined && callsLost.median > eventsLost.median)
        found.push(
          `${load}, ${name}: ${callsLost.median} calls are missing, ${eventsLost.median} were reported as lost`,
        )
      return found
    }),
  )
}

const shown = ({ median, low, high }: Estimate) => `${median} (${low} to ${high})`

/** A line for people. */
export const describe = ({ load, tool, metric, now, table }: Regression): string =>
  `${load}, ${tool}: ${METRICS[metric].title} is ${shown(now)}, and ${shown(table)} in the table`
