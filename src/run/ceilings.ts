// A live capture below the ceilings of --max-cpu, --max-memory and --max-calls.
import { cpus } from 'node:os'
import type { Ceiling, Ceilings } from '../source/ceilings/ceilings.js'
import { OWN_USE } from '../source/ceilings/own-use.js'
import { ThrottledSource } from '../source/ceilings/source.js'
import { cgroupPath } from '../source/cgroups.js'
import { DEFAULT_BUFFER, fittingBuffer, type LiveSource } from '../source/live.js'
import { type LimitedMemory, megabytes } from './memory.js'

export interface BelowCeilings {
  readonly source: ThrottledSource
  /** what --max-memory leaves to ksys itself */
  readonly memory: LimitedMemory | undefined
}

/** What is told where a ceiling does not hold whatever is left out; cost: the part of all CPUs that the capture takes. */
function passed(ceiling: Ceiling, cost: number): string {
  if (ceiling === 'max-memory')
    return '--max-memory does not hold though no calls are recorded any more: the capture ends'
  const percent = (cost * 100).toFixed(1)
  return `--max-cpu does not hold: ksys itself and the counting of calls take ${percent} % of all CPUs, though next to nothing is recorded`
}

export interface CeilingsOptions {
  readonly ceilings: Ceilings
  /** there are events that the filter does not pass */
  readonly filtered: boolean
  /** bytes of the kernel's buffers; undefined: as usual */
  readonly buffer: number | undefined
  /** tells a person that a ceiling does not hold */
  readonly tell: (sentence: string) => void
}

/** A capture that is kept below ceilings. */
export function belowCeilings(
  kernel: LiveSource,
  { ceilings, filtered, buffer = DEFAULT_BUFFER, tell }: CeilingsOptions,
): BelowCeilings {
  const limit = ceilings.memory === undefined ? undefined : ceilings.memory - buffer
  const source = new ThrottledSource(kernel, {
    ceilings: { ...ceilings, memory: limit },
    cpus: cpus().length || kernel.info.cpus,
    filtered,
    own: OWN_USE,
    pathOf: cgroupPath,
    hopeless: (ceiling, cost) => {
      tell(passed(ceiling, cost))
      if (ceiling === 'max-memory') source.stop()
    },
  })
  if (limit === undefined) return { source, memory: undefined }
  return { source, memory: { of: "--max-memory without the kernel's buffers", limit, used: () => OWN_USE.memory() } }
}

/** Bytes of the kernel's buffers where the default would not fit, which is told; undefined where it does. ceiling: of all memory */
export function smallerBuffer(ceiling: number | undefined, tell: (sentence: string) => void): number | undefined {
  const fits = Math.min(fittingBuffer(), ceiling === undefined ? DEFAULT_BUFFER : fittingBuffer({ limit: ceiling }))
  if (fits >= DEFAULT_BUFFER) return undefined
  const [few, usual] = [megabytes(fits), megabytes(DEFAULT_BUFFER)]
  tell(`memory is limited here: the kernel's buffers have ${few} MB instead of ${usual}; --buffer says otherwise`)
  return fits
}
