// npm run bench cost: what tracing costs real programs, compared with the same programs alone. README.md describes its use.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../tracer.js'
import { installCleanup } from './cleanup.js'
import { type Costs, readCosts, writeCosts } from './costs.js'
import { disturbances, machine } from './machine.js'
import { withTables } from './markdown.js'
import { type Messages, measureLoad } from './measure-load.js'
import { lacking } from './needs.js'
import { type Options, parseOptions, USAGE } from './options.js'
import { plainText } from './text.js'
import { describe, regressions, wrongLosses } from './verdict.js'

const FILE = join(ROOT, 'test/bench/cost/costs.json')
const PAGE = join(ROOT, 'docs/costs-and-limits.md')

const say = (text: string) => console.error(`cost: ${text}`)

function missingPackages({ loads, tools }: Options): string {
  const needs = lacking([...loads, ...tools].flatMap((one) => one.needs ?? []))
  return needs.map(({ packages }) => packages).join(' ')
}

/** Writes what was measured until now: a run takes hours. */
function write(costs: Costs): void {
  writeCosts(FILE, costs)
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), readCosts(FILE)))
}

/** Measures all loads. Returns the exit code. */
async function measure(options: Options): Promise<number> {
  const problems: string[] = []
  const messages: Messages = {
    say,
    failed: (text) => {
      say(`FAILED: ${text}`)
      problems.push(text)
    },
  }
  const table = readCosts(FILE)
  const costs: Costs = { machine: machine(), date: new Date().toISOString().slice(0, 10), loads: {} }
  const suspects = (loads: Costs['loads']) => regressions({ ...costs, loads }, table).map(({ tool }) => tool)
  for (const load of options.loads) {
    const missing = lacking(load.needs).map(({ file }) => file)
    if (missing.length > 0) {
      say(`${load.name} is left out: there is no ${missing.join(', ')}`)
      continue
    }
    try {
      costs.loads[load.name] = await measureLoad(load, options, messages, suspects)
    } catch (error) {
      messages.failed(`${load.name}: ${(error as Error).message}`)
    }
    if (options.write) write(costs)
  }
  console.log(options.json ? JSON.stringify(costs, undefined, 1) : plainText(costs))
  if (options.trial) return 0
  problems.push(...regressions(costs, table).map(describe), ...wrongLosses(costs, options.tools))
  for (const problem of problems) say(problem)
  return problems.length > 0 ? 1 : 0
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) console.log(USAGE)
  else if (options.packages) console.log(missingPackages(options))
  if (options.help || options.packages) return 0
  if (process.getuid?.() !== 0) {
    say('this needs root')
    return 2
  }
  const found = options.trial ? [] : await disturbances()
  for (const disturbance of found) say(disturbance)
  if (found.length > 0) {
    say('this would be measured, too. End it first, or use --trial')
    return 2
  }
  installCleanup()
  return measure(options)
}

try {
  process.exitCode = await main()
} catch (error) {
  say((error as Error).message)
  process.exitCode = 2
}
