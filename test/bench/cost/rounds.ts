// The rounds of one load: all tools one after the other, in an order that differs from round to round, with bare runs between them.

import { withStatistics } from './machine.js'
import { bareRun, type Measured, type Part, type Place, runBeside } from './measure.js'
import type { Sample } from './metrics.js'
import { pairedRatio } from './statistics.js'
import { BARE } from './tools/index.js'
import type { Tool } from './tools/tool.js'

/** So many tools run between two bare runs. */
const TOOLS_A_PAIR = 3

/** What the rounds of a load consist of. */
export interface Plan {
  rounds: number
  /** of each run */
  seconds: number
  parts: readonly Part[]
  /** operations a second of the part `half` */
  half: number
  /** reports what runs now */
  say: (text: string) => void
  /** reports a tool that failed */
  failed: (text: string) => void
}

/** The samples of a load, by the name of a tool: one for each round. */
export type Samples = Map<string, Sample[]>

/** The list, starting with another element in each round. */
export function rotated<T>(list: readonly T[], round: number): T[] {
  const by = list.length === 0 ? 0 : round % list.length
  return [...list.slice(by), ...list.slice(0, by)]
}

function note(samples: Samples, tool: string, round: number, sample: Sample): void {
  const all = samples.get(tool) ?? []
  all[round] = { ...all[round], ...sample }
  samples.set(tool, all)
}

const speed = ({ result }: Measured) => result.operations / result.seconds

/** Numbers of a run as ratios to the bare runs around it. */
function ratios(part: Part, measured: Measured, before: Measured, after: Measured): Sample {
  if (part === 'full') return { throughput: pairedRatio(speed(measured), speed(before), speed(after)) }
  return { halfP99Ratio: pairedRatio(measured.result.p99, before.result.p99, after.result.p99) }
}

/** One part of one round. A tool that fails is reported, and has no sample in it. */
async function partOfRound(
  place: Place,
  tools: readonly Tool[],
  part: Part,
  round: number,
  plan: Plan,
  samples: Samples,
) {
  const rate = part === 'half' ? plan.half : undefined
  const label = `${place.load.name}, round ${round + 1}, ${part}`
  const say = (text: string) => plan.say(`${label}: ${text}`)
  const beside = async (tool: Tool): Promise<[Tool, Measured] | undefined> => {
    say(tool.name)
    try {
      return [tool, await runBeside(place, tool, part, plan.seconds, rate)]
    } catch (error) {
      plan.failed(`${label}: ${(error as Error).message}`)
      return undefined
    }
  }
  if (part === 'statistics') {
    await withStatistics(async () => {
      // a tool that runs the load has no use of its own
      for (const tool of tools.filter(({ wraps }) => !wraps)) {
        const found = await beside(tool)
        if (found) note(samples, tool.name, round, found[1].sample)
      }
    })
    return
  }
  let before = await bareRun(place, part, plan.seconds, rate)
  note(samples, BARE.name, round, before.sample)
  for (let first = 0; first < tools.length; first += TOOLS_A_PAIR) {
    const found: [Tool, Measured][] = []
    for (const tool of tools.slice(first, first + TOOLS_A_PAIR)) {
      const one = await beside(tool)
      if (one) found.push(one)
    }
    say(BARE.name)
    const after = await bareRun(place, part, plan.seconds, rate)
    for (const [tool, one] of found)
      note(samples, tool.name, round, { ...one.sample, ...ratios(part, one, before, after) })
    before = after
  }
}

/** Runs all rounds and adds to the samples, which may have those of earlier rounds. */
export async function runRounds(place: Place, tools: readonly Tool[], plan: Plan, samples: Samples): Promise<void> {
  const done = Math.max(0, ...[...samples.values()].map((all) => all.length))
  for (let round = done; round < done + plan.rounds; round++)
    for (const part of plan.parts) await partOfRound(place, rotated(tools, round), part, round, plan, samples)
}
