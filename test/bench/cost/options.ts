// The options of `npm run bench cost`.
import { parseArgs } from 'node:util'
import { LOADS } from './loads/index.js'
import type { Load } from './loads/load.js'
import type { Part } from './measure.js'
import { DECIDING_ROUNDS } from './statistics.js'
import { TOOLS } from './tools/index.js'
import type { Tool } from './tools/tool.js'

export const USAGE = `npm run bench cost -- [OPTIONS]

  --loads A,B      only these loads: ${LOADS.map(({ name }) => name).join(', ')}
  --tools X,Y      only these tools: ${TOOLS.map(({ name }) => name).join(', ')}
  --parts P,Q      only these parts: full, statistics, half
  --rounds N       rounds (default ${DECIDING_ROUNDS}; fewer have no interval and decide nothing)
  --seconds N      duration of each run (default 5)
  --trial          run although other programs would be measured, too; the results decide nothing and are not written
  --write          write costs.json and the tables of docs/costs-and-limits.md
  --json           print the results as JSON
  --packages       only print the missing Debian packages that the loads and tools need`

export interface Options {
  loads: readonly Load[]
  tools: readonly Tool[]
  parts: readonly Part[]
  rounds: number
  seconds: number
  trial: boolean
  write: boolean
  json: boolean
  packages: boolean
  help: boolean
}

const PARTS: readonly Part[] = ['full', 'statistics', 'half']

/** The elements of `all` with these names. Throws for a name that none has. */
function chosen<T>(names: string | undefined, all: readonly T[], nameOf: (one: T) => string, what: string): T[] {
  if (names === undefined) return [...all]
  const wanted = names.split(',')
  for (const name of wanted)
    if (!all.some((one) => nameOf(one) === name))
      throw new Error(`there is no ${what} '${name}': ${all.map(nameOf).join(', ')}`)
  return all.filter((one) => wanted.includes(nameOf(one)))
}

function positive(text: string, option: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${option} needs a number above 0, not '${text}'`)
  return value
}

/** Throws an error for the user if the arguments are wrong. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      loads: { type: 'string' },
      tools: { type: 'string' },
      parts: { type: 'string' },
      rounds: { type: 'string', default: `${DECIDING_ROUNDS}` },
      seconds: { type: 'string', default: '5' },
      trial: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      packages: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.trial && values.write)
    throw new Error('--write needs a quiet machine, so it cannot be combined with --trial')
  const rounds = Math.round(positive(values.rounds, '--rounds'))
  if (values.write && rounds < DECIDING_ROUNDS)
    throw new Error(`--write needs ${DECIDING_ROUNDS} rounds or more: fewer have no interval`)
  return {
    ...values,
    loads: chosen(values.loads, LOADS, ({ name }) => name, 'load'),
    tools: chosen(values.tools, TOOLS, ({ name }) => name, 'tool'),
    parts: chosen(values.parts, PARTS, (part) => part, 'part'),
    rounds,
    seconds: positive(values.seconds, '--seconds'),
  }
}
