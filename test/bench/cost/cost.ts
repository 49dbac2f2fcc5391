// npm run bench cost: what tracing costs real programs, compared with the same programs alone. README.md describes its use.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../tracer.js'
import { reasonAgainst } from './attach.js'
import { atEnd, installCleanup } from './cleanup.js'
import { type Costs, type LoadCosts, readCosts, summarizeAll, writeCosts } from './costs.js'
import type { Load } from './loads/load.js'
import { disturbances, machine } from './machine.js'
import { withTables } from './markdown.js'
import { bareRun, type Place } from './measure.js'
import { lacking } from './needs.js'
import { type Options, parseOptions, USAGE } from './options.js'
import { type Plan, runRounds, type Samples } from './rounds.js'
import { plainText } from './text.js'
import { BARE } from './tools/index.js'
import type { Tool } from './tools/tool.js'
import { describe, regressions, wrongLosses } from './verdict.js'

const FILE = join(ROOT, 'test/bench/cost/costs.json')
const PAGE = join(ROOT, 'docs/costs-and-limits.md')
const say = (text: string) => console.error(`cost: ${text}`)

/** The tools for a load, without those that cannot run. */
function toolsFor(load: Load, tools: readonly Tool[]): Tool[] {
  return tools.filter((tool) => {
    if (tool.loads !== undefined && !tool.loads.includes(load.name)) return false
    const reason = reasonAgainst(tool)
    if (reason !== undefined) say(`${tool.name} is left out: ${reason}`)
    return reason === undefined
  })
}

/** Measures a load. What looks worse than the table is measured once more, as some of many intervals miss the truth. */
async function measureLoad(load: Load, options: Options, table: Costs): Promise<LoadCosts> {
  const folder = mkdtempSync(join(tmpdir(), 'ksys-cost-'))
  const remove = atEnd(() => rmSync(folder, { recursive: true, force: true }))
  // servers that are not root must reach their files
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'load'))
  const prepared = await load.prepare(join(folder, 'load'))
  try {
    const seconds = options.seconds * (load.longer ?? 1)
    const place: Place = { load, prepared, folder }
    const { result } = await bareRun(place, 'full', seconds)
    const bare = result.operations / result.seconds
    const plan: Plan = { ...options, seconds, half: bare / 2, say }
    const tools = toolsFor(load, options.tools)
    const samples: Samples = new Map([[BARE.name, []]])
    const costs = (): LoadCosts => {
      const rounds = samples.get(BARE.name)?.length ?? 0
      return {
        title: load.title,
        operation: load.operation,
        bare,
        half: plan.half,
        rounds,
        tools: summarizeAll(samples),
      }
    }
    await runRounds(place, tools, plan, samples)
    const suspects = new Set(compared({ [load.name]: costs() }, table).map(({ tool }) => tool))
    if (suspects.size > 0 && !options.trial) {
      say(`${load.name}: ${[...suspects].join(', ')} look worse than in the table and are measured once more`)
      await runRounds(
        place,
        tools.filter(({ name }) => suspects.has(name)),
        plan,
        samples,
      )
    }
    return costs()
  } finally {
    await prepared.end()
    remove()
  }
}

const compared = (loads: Costs['loads'], table: Costs) => regressions({ machine: machine(), date: '', loads }, table)

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  if (options.packages) {
    const needs = [...options.loads, ...options.tools].flatMap((one) => one.needs ?? [])
    console.log(
      lacking(needs)
        .map(({ packages }) => packages)
        .join(' '),
    )
    return 0
  }
  const found = disturbances()
  if (found.length > 0 && !options.trial) {
    for (const disturbance of found) say(disturbance)
    say('this would be measured, too. End it first, or use --trial')
    return 2
  }
  installCleanup()
  const table = readCosts(FILE)
  const costs: Costs = { machine: machine(), date: new Date().toISOString().slice(0, 10), loads: {} }
  for (const load of options.loads) {
    const missing = lacking(load.needs).map(({ file }) => file)
    if (missing.length > 0) say(`${load.name} is left out: there is no ${missing.join(', ')}`)
    else costs.loads[load.name] = await measureLoad(load, options, table)
  }
  console.log(options.json ? JSON.stringify(costs, undefined, 1) : plainText(costs))
  if (options.trial) return 0
  const problems = [...regressions(costs, table).map(describe), ...wrongLosses(costs, options.tools)]
  for (const problem of problems) say(problem)
  if (options.write) {
    writeCosts(FILE, costs)
    writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), readCosts(FILE)))
  }
  return problems.length > 0 ? 1 : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  say((error as Error).message)
  process.exitCode = 2
}
