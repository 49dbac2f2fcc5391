// Checks whether the programs of captures load on this kernel, feature by feature, by loading them. Nothing is attached, so running
// captures are not affected.
import { hostArch } from '../schema/arch.js'
import { EVENTS } from '../schema/events/index.js'
import type { Arch } from '../schema/types.js'
import { FEATURES, type Feature, hostFeatures } from './features.js'
import { startWithout } from './lacking.js'
import type { LiveError } from './live-error.js'
import { missing } from './missing.js'
import type { NativeFailure } from './native.js'
import { addon } from './native.js'
import { packConfig } from './pack.js'
import { type CapturePlan, everything, IN_FLIGHT, MAX_NR, type PlanSlot, VERDICT } from './plan.js'
import { lastWord, toLiveError } from './refusal.js'

/** The state of a feature on this kernel. */
export interface FeatureStatus {
  readonly feature: Feature
  /** undefined: unknown */
  readonly available: boolean | undefined
  /** the kernel's final message when it rejected the feature, and all messages */
  readonly reason?: string
  readonly detail?: string
}

export interface Trial {
  /** why nothing can be captured; undefined: captures work */
  readonly failure: LiveError | undefined
  /** true: the programs were loaded or rejected; false: the result is based on the kernel's type information alone */
  readonly tried: boolean
  readonly features: readonly FeatureStatus[]
}

/** Tries all features; without the privilege to load programs only the kernel's type information is used. */
export function tryHost(): Trial {
  const has = hostFeatures()
  const lacking = missing()
  if (lacking !== undefined)
    return {
      failure: lacking,
      tried: false,
      features: FEATURES.map((feature) => ({ feature, available: has?.get(feature.name) })),
    }
  const config = packConfig(fullest(), EVENTS, hostArch() as Arch)
  return trialOf((without) => addon().tryAll(config, without), has)
}

/** The result of loading the programs with `load`, which receives the names of features to omit. */
export function trialOf(load: (without: string[]) => void, has: ReadonlyMap<string, boolean> | undefined): Trial {
  const start = startWithout(load, has)
  const failure = 'failure' in start ? start.failure : undefined
  const essential = failure as Partial<NativeFailure> | undefined
  const features = FEATURES.map((feature): FeatureStatus => {
    const lack = start.lacks.find((l) => l.feature === feature)
    if (lack !== undefined) return { feature, available: false, ...(lack.refused ? failureText(lack.detail) : {}) }
    if (essential === undefined) return { feature, available: true }
    if (essential.feature === feature.name) return { feature, available: false, ...failureText(essential.log ?? '') }
    return { feature, available: has?.get(feature.name) === false ? false : undefined }
  })
  return { failure: failure === undefined ? undefined : toLiveError(failure), tried: true, features }
}

function failureText(detail: string): Pick<FeatureStatus, 'reason' | 'detail'> {
  return { reason: lastWord(detail), detail }
}

/** A plan that uses every feature. */
function fullest(): CapturePlan {
  const one = { values: [1], not: false }
  const slot: PlanSlot = {
    failed: true,
    kinds: ['connecting'],
    comm: { values: ['ksys'], not: false },
    pid: one,
    tid: one,
    uid: one,
    container: { text: '' },
    process: { text: '', ofLineage: true },
  }
  return {
    ...everything(process.pid),
    enter: true,
    switches: VERDICT.PASS,
    pageFaults: VERDICT.PASS,
    times: true,
    inFlight: IN_FLIGHT.FILTERED,
    verdicts: new Uint8Array(MAX_NR).fill(VERDICT.SLOT),
    slots: [slot],
    followAll: false,
  }
}
