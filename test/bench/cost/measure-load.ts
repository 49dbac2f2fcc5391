// Measures one load with all tools.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reasonAgainst } from './attach.js'
import { atEnd } from './cleanup.js'
import { type Costs, type LoadCosts, summarizeAll } from './costs.js'
import type { Load } from './loads/load.js'
import { bareRun, type Place } from './measure.js'
import type { Options } from './options.js'
import { type Plan, runRounds, type Samples } from './rounds.js'
import { median } from './statistics.js'
import { BARE } from './tools/index.js'
import type { Tool } from './tools/tool.js'

/** Bare runs that show how fast the load can be. */
const FIRST_RUNS = 3

/** Where messages go. */
export type Messages = Pick<Plan, 'say' | 'failed'>

/** The tools for a load, without those that cannot run. */
function toolsFor(load: Load, tools: readonly Tool[], say: Messages['say']): Tool[] {
  return tools.filter((tool) => {
    if (tool.loads !== undefined && !tool.loads.includes(load.name)) return false
    const reason = reasonAgainst(tool)
    if (reason !== undefined) say(`${tool.name} is left out: ${reason}`)
    return reason === undefined
  })
}

/** Operations a second without a tool. */
async function bareSpeed(place: Place, seconds: number): Promise<number> {
  const speeds: number[] = []
  for (let i = 0; i < FIRST_RUNS; i++) {
    const { result } = await bareRun(place, 'full', seconds)
    speeds.push(result.operations / result.seconds)
  }
  return median(speeds)
}

/** Prepares a load and a folder for tools, and removes both when `use` has ended. */
export async function withLoad<T>(load: Load, use: (place: Place) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ksys-cost-'))
  const remove = atEnd(() => rmSync(folder, { recursive: true, force: true }))
  // servers that are not root must reach their files
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'load'))
  try {
    const prepared = await load.prepare(join(folder, 'load'))
    try {
      return await use({ load, prepared, folder })
    } finally {
      await prepared.end()
    }
  } finally {
    remove()
  }
}

/**
 * Measures a load. Tools that look worse are measured once more, as some of many intervals do not contain the truth.
 * @param suspects names of the tools whose costs look worse than they should
 */
export const measureLoad = (
  load: Load,
  options: Options,
  messages: Messages,
  suspects: (loads: Costs['loads']) => string[],
): Promise<LoadCosts> => withLoad(load, (place) => measurePlace(place, options, messages, suspects))

async function measurePlace(
  place: Place,
  options: Options,
  messages: Messages,
  suspects: (loads: Costs['loads']) => string[],
): Promise<LoadCosts> {
  const { name, title, operation, longer = 1 } = place.load
  const seconds = options.seconds * longer
  const bare = await bareSpeed(place, seconds)
  const plan: Plan = { ...options, ...messages, seconds, half: bare / 2 }
  const tools = toolsFor(place.load, options.tools, messages.say)
  const samples: Samples = new Map([[BARE.name, []]])
  const rounds = () => Math.max(...[...samples.values()].map((all) => all.length))
  const costs = (): LoadCosts => ({
    title,
    operation,
    bare,
    half: plan.half,
    rounds: rounds(),
    tools: summarizeAll(samples),
  })
  await runRounds(place, tools, plan, samples)
  const again = new Set(options.trial ? [] : suspects({ [name]: costs() }))
  if (again.size === 0) return costs()
  messages.say(`${name}: ${[...again].join(', ')} look worse than in the table and are measured once more`)
  await runRounds(
    place,
    tools.filter((tool) => again.has(tool.name)),
    plan,
    samples,
  )
  return costs()
}
