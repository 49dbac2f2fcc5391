// Opens a live capture of this machine for a run.
import { type NamingOptions, withNames } from '../container/index.js'
import type { Redaction } from '../redact/redaction.js'
import { LiveSource } from '../source/live.js'
import type { CapturePlan } from '../source/plan.js'
import type { CaptureSource } from '../source/source.js'
import { withStacks } from '../stacks/source.js'
import { privacyStages, staged } from './stages.js'

/** Attaches to the kernel. bufferBytes: of its buffers; undefined: as usual. Throws LiveError. */
export function attachKernel(plan: CapturePlan, bufferBytes: number | undefined): LiveSource {
  return new LiveSource({ plan, bufferBytes })
}

export interface MachineStages {
  readonly stacks: CapturePlan['stacks']
  /** keeps the capture below ceilings; undefined: it has none */
  readonly ceilings: ((kernel: LiveSource) => CaptureSource) | undefined
  /** undefined: containers have no names */
  readonly names: Omit<NamingOptions, 'complain'> | undefined
  /** undefined: nothing is kept out */
  readonly redaction: Redaction | undefined
  /** tells a person what does not work; each sentence once */
  readonly complain: (sentence: string) => void
}

/** The source of a run over what the kernel brings. */
export function machineSource(
  kernel: LiveSource,
  { ceilings, stacks, names, redaction, complain }: MachineStages,
): CaptureSource {
  return staged(kernel, {
    ceilings: ceilings && (() => ceilings(kernel)),
    stacks: (source) => withStacks(source, stacks, complain),
    names: names && ((source) => withNames(source, { ...names, complain })),
    ...privacyStages(redaction),
  })
}
