// What the bench has found: the contents of costs.json, from which the page's tables are generated and with which later runs are compared.
import { readFileSync, writeFileSync } from 'node:fs'
import type { Machine } from './machine.js'
import { METRIC_NAMES, METRICS, type Metric, type MetricName, type Sample } from './metrics.js'
import type { Samples } from './rounds.js'
import { type Estimate, estimate } from './statistics.js'

/** The numbers of a tool beside a load. */
export type ToolCosts = Partial<Record<MetricName, Estimate>>

export interface LoadCosts {
  title: string
  operation: string
  /** operations a second: bare, and in the runs at a fixed rate */
  bare: number
  half: number
  rounds: number
  tools: Record<string, ToolCosts>
}

export interface Costs {
  machine: Machine
  /** YYYY-MM-DD */
  date: string
  loads: Record<string, LoadCosts>
}

/** Six significant digits: more would only make differences of the file longer. */
const short = (value: number): number => Number(value.toPrecision(6))

/** The estimates of all numbers that a tool's samples have. */
export function summarize(samples: readonly Sample[]): ToolCosts {
  const costs: ToolCosts = {}
  for (const name of METRIC_NAMES) {
    const metric: Metric = METRICS[name]
    // a round in which the tool failed has no sample
    const values = samples.flatMap((sample) => (sample?.[name] === undefined ? [] : [sample[name]]))
    if (values.length === 0) continue
    const found = metric.sum ? { median: values.reduce((sum, value) => sum + value, 0) } : estimate(values)
    costs[name] = Object.fromEntries(
      Object.entries(found).map(([key, value]) => [key, short(value)]),
    ) as unknown as Estimate
  }
  return costs
}

/** The same for each tool of a load. */
export const summarizeAll = (samples: Samples): Record<string, ToolCosts> =>
  Object.fromEntries([...samples].map(([name, all]) => [name, summarize(all)]))

/** Throws if there is no such file. */
export const readCosts = (path: string): Costs => JSON.parse(readFileSync(path, 'utf8')) as Costs

/** Writes what was measured, and retains what the file says about other loads and tools on the same machine. */
export function writeCosts(path: string, measured: Costs): void {
  const earlier = readCosts(path)
  const same = sameMachine(earlier.machine, measured.machine)
  const loads = { ...(same ? earlier.loads : {}) }
  for (const [name, load] of Object.entries(measured.loads))
    loads[name] = { ...load, tools: { ...loads[name]?.tools, ...load.tools } }
  writeFileSync(path, `${JSON.stringify({ ...measured, loads }, undefined, 1)}\n`)
}

/** Whether times of one machine say something about those of the other. */
export const sameMachine = (a: Machine, b: Machine): boolean =>
  a.kernel === b.kernel && a.processor === b.processor && a.cpus === b.cpus
