// The first sentence of an advice: whether the runtime's default profile suffices, and by what the new profile is narrower.
import { machineOf } from '../calls/abi.js'
import type { Workload } from '../needs/workload.js'
import { Allows } from '../profile/allows.js'
import { DEFAULT_CAPS } from '../profile/apply.js'
import { DOCKER_DEFAULT } from '../profile/docker-default.js'
import { abisIn, type Line } from './assemble.js'

export interface Verdict {
  /** recorded calls that the default profile refuses */
  readonly refuses: readonly string[]
  /** number of calls that the default profile allows, of those the ones that the new profile leaves out */
  readonly defaults: number
  readonly narrower: number
}

/** Compares a workload's calls with the default profile, for the capabilities that its containers had. */
export function verdictOf(w: Workload, lines: readonly Line[]): Verdict {
  const caps = new Set([...DEFAULT_CAPS, ...w.caps])
  const refuses = new Set<string>()
  const allowed = new Set<string>()
  for (const abi of abisIn(w)) {
    const allows = new Allows(DOCKER_DEFAULT, { arch: machineOf(abi).arch, kernel: '', caps })
    for (const name of allows.names()) allowed.add(name)
    for (const name of w.calls.get(abi)?.keys() ?? [])
      if (!allows.call(abi, name, valuesOf(w, name)) && !allows.pretendsAbsence(name)) refuses.add(name)
  }
  const mine = new Set(lines.map(({ name }) => name))
  return {
    refuses: [...refuses].sort(),
    defaults: allowed.size,
    narrower: [...allowed].filter((name) => !mine.has(name)).length,
  }
}

function valuesOf(w: Workload, name: string): Iterable<number> {
  return Object.hasOwn(w.arguments, name) ? w.arguments[name as keyof Workload['arguments']].seen : []
}

/** One sentence; name: of the workload, safe to show. */
export function verdictSentence({ refuses, defaults, narrower }: Verdict, name: string): string {
  const less = `this profile leaves out ${narrower} of its ${defaults} calls`
  return refuses.length === 0
    ? `RuntimeDefault suffices for ${name}: it allows every recorded call; ${less}.`
    : `RuntimeDefault does not suffice for ${name}: it refuses ${refuses.join(', ')}, which this profile allows; ${less}.`
}
