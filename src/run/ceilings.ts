// A live capture limited by --max-cpu, --max-memory and --max-calls.
import { cpus } from 'node:os'
import { fittingBuffer, usualBuffer } from '../source/buffers.js'
import type { Ceiling, Ceilings } from '../source/ceilings/ceilings.js'
import { OWN_USE } from '../source/ceilings/own-use.js'
import { ThrottledSource } from '../source/ceilings/source.js'
import { cgroupPath } from '../source/cgroups.js'
import type { LiveSource } from '../source/live.js'
import { type LimitedMemory, megabytes } from './memory.js'

export interface BelowCeilings {
  readonly source: ThrottledSource
  /** the memory that --max-memory leaves for ksys itself */
  readonly memory: LimitedMemory | undefined
}

/**
 * The note for a ceiling that is exceeded even though calls are omitted; cost: the share of all CPUs that the capture
 * uses.
 */
function exceededNote(ceiling: Ceiling, cost: number): string {
  if (ceiling === 'max-memory')
    return '--max-memory is exceeded although calls are no longer recorded: the capture ends'
  const percent = (cost * 100).toFixed(1)
  return `--max-cpu is exceeded: ksys itself and the counting of calls take ${percent} % of all CPUs although almost nothing is recorded`
}

interface CeilingsOptions {
  readonly ceilings: Ceilings
  /** the filter rejects some events */
  readonly filtered: boolean
  /** size of the kernel's buffers in bytes; undefined: the default */
  readonly buffer: number | undefined
  /** called with a note if a ceiling is exceeded */
  readonly report: (sentence: string) => void
}

/** Wraps a capture so that it stays below ceilings. */
export function belowCeilings(
  kernel: LiveSource,
  { ceilings, filtered, buffer = usualBuffer(), report }: CeilingsOptions,
): BelowCeilings {
  const limit = ceilings.memory === undefined ? undefined : ceilings.memory - buffer
  const source = new ThrottledSource(kernel, {
    ceilings: { ...ceilings, memory: limit },
    cpus: cpus().length || kernel.info.cpus,
    filtered,
    own: OWN_USE,
    pathOf: cgroupPath,
    hopeless: (ceiling, cost) => {
      report(exceededNote(ceiling, cost))
      if (ceiling === 'max-memory') source.stop()
    },
  })
  if (limit === undefined) return { source, memory: undefined }
  return { source, memory: { name: "--max-memory without the kernel's buffers", limit, used: () => OWN_USE.memory() } }
}

/**
 * Size of the kernel's buffers if the usual one does not fit into memory, which is reported; else undefined. ceiling:
 * limit of all memory
 */
export function smallerBuffer(
  ceiling: number | undefined,
  report: (sentence: string) => void,
  usual = usualBuffer(),
): number | undefined {
  const limited = ceiling === undefined ? usual : fittingBuffer({ limit: ceiling }, usual)
  const fits = Math.min(fittingBuffer(undefined, usual), limited)
  if (fits >= usual) return undefined
  report(
    `memory is limited here: the kernel's buffers have ${megabytes(fits)} MB instead of ${megabytes(usual)}; --buffer sets another size`,
  )
  return fits
}
