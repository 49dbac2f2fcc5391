// The options about what a live capture may cost, as settings.

import { megabytes } from '../../run/memory.js'
import type { Ceilings } from '../../source/ceilings/ceilings.js'
import { CliError, EXIT } from '../errors/exit.js'

/** bytes: what ksys itself needs on a machine with little on it, and the least buffers beside it */
const OWN = 152 << 20
const LEAST = OWN + (8 << 20)

/** Throws CliError (usage) where they cannot be kept or have no meaning. */
export function ceilingsOf(raw: Readonly<Record<string, unknown>>): Ceilings | undefined {
  const [cpu, memory, calls] = ['maxCpu', 'maxMemory', 'maxCalls'].map((name) => raw[name] as number | undefined)
  if (cpu === undefined && memory === undefined && calls === undefined) return undefined
  if (raw.read !== undefined || raw.inflight === true)
    throw new CliError(
      EXIT.usage,
      '--max-cpu, --max-memory and --max-calls are about live captures: they have no meaning with -r and --inflight',
    )
  if (memory !== undefined && memory < LEAST)
    throw new CliError(EXIT.usage, `--max-memory has ${megabytes(LEAST)}M at least: ksys needs as much to begin`)
  const buffer = raw.buffer as number | undefined
  if (memory !== undefined && buffer !== undefined && memory - buffer < OWN)
    throw new CliError(
      EXIT.usage,
      `--buffer ${megabytes(buffer)}M leaves too little of --max-memory ${megabytes(memory)}M: ksys itself needs ${megabytes(OWN)}M`,
    )
  return { cpu, memory, calls }
}
