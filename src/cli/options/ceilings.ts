// Converts the options that limit the cost of a live capture to settings.

import { megabytes } from '../../run/memory.js'
import type { Ceilings } from '../../source/ceilings/ceilings.js'
import { CliError, EXIT } from '../errors/exit.js'
import { allRead, type OptionsOf } from './option-types.js'
import type { CEILING_OPTIONS } from './table.js'

/** bytes: what ksys itself needs on a small machine, and the minimum with kernel buffers */
const OWN = 152 << 20
const LEAST = OWN + (8 << 20)

export type CeilingOptions = OptionsOf<typeof CEILING_OPTIONS> & {
  readonly inflight?: true
  readonly buffer?: number
}

/** Throws CliError (usage) if they cannot be met or do not apply. */
export function ceilingsOf(o: CeilingOptions): Ceilings | undefined {
  const { maxCpu: cpu, maxMemory: memory, maxCalls: calls, inflight, buffer, ...others } = o
  allRead(others)
  if (cpu === undefined && memory === undefined && calls === undefined) return undefined
  if (inflight === true)
    throw new CliError(
      EXIT.usage,
      '--max-cpu, --max-memory and --max-calls limit captures: they cannot be used with --inflight',
    )
  if (memory !== undefined && memory < LEAST)
    throw new CliError(EXIT.usage, `--max-memory must be at least ${megabytes(LEAST)}M: ksys needs this much to start`)
  if (memory !== undefined && buffer !== undefined && memory - buffer < OWN)
    throw new CliError(
      EXIT.usage,
      `--buffer ${megabytes(buffer)}M leaves too little of --max-memory ${megabytes(memory)}M: ksys itself needs ${megabytes(OWN)}M`,
    )
  return { cpu, memory, calls }
}
