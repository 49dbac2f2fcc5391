// Whether the programs of captures load on this kernel, feature by feature, by loading them. Nothing is attached: captures that
// run notice nothing.
import { hostArch } from '../schema/arch.js'
import { EVENTS } from '../schema/events/index.js'
import type { Arch } from '../schema/types.js'
import { addon } from './addon.js'
import { FEATURES, type Feature, hostFeatures } from './features.js'
import { startWithout } from './lacking.js'
import type { LiveError } from './live-error.js'
import { missing } from './missing.js'
import type { NativeFailure } from './native.js'
import { packConfig } from './pack.js'
import { type CapturePlan, everything, IN_FLIGHT, MAX_NR, type PlanSlot, VERDICT } from './plan.js'
import { explain, lastWord } from './refusal.js'

/** A feature as this kernel has it. */
export interface Found {
  readonly feature: Feature
  /** undefined: nobody knows */
  readonly there: boolean | undefined
  /** the kernel's own last word when it refused, and all that the system said */
  readonly reason?: string
  readonly detail?: string
}

export interface Trial {
  /** why nothing can be captured; undefined: captures work */
  readonly failure: LiveError | undefined
  /** the programs were loaded, or refused; false: what is found is what the kernel's type information says */
  readonly tried: boolean
  readonly found: readonly Found[]
}

/** Tries what captures use; without the privilege for it, what the kernel says of itself is all that there is. */
export function tryHost(): Trial {
  const has = hostFeatures()
  const lacking = missing()
  if (lacking !== undefined)
    return {
      failure: lacking,
      tried: false,
      found: FEATURES.map((feature) => ({ feature, there: has?.get(feature.name) })),
    }
  const config = packConfig(fullest(), EVENTS, hostArch() as Arch)
  return trialOf((without) => addon().tryAll(config, without), has)
}

/** The outcome of loading with `load`, which gets the names of what is left out. */
export function trialOf(load: (without: string[]) => void, has: ReadonlyMap<string, boolean> | undefined): Trial {
  const begun = startWithout(load, has)
  const failure = 'failure' in begun ? begun.failure : undefined
  const essential = failure as Partial<NativeFailure> | undefined
  const found = FEATURES.map((feature): Found => {
    const lack = begun.lacks.find((l) => l.feature === feature)
    if (lack !== undefined) return { feature, there: false, ...(lack.refused ? said(lack.detail) : {}) }
    if (essential === undefined) return { feature, there: true }
    if (essential.feature === feature.name) return { feature, there: false, ...said(essential.log ?? '') }
    return { feature, there: has?.get(feature.name) === false ? false : undefined }
  })
  return { failure: failure === undefined ? undefined : explain(failure), tried: true, found }
}

function said(detail: string): Pick<Found, 'reason' | 'detail'> {
  return { reason: lastWord(detail), detail }
}

/** Asks for everything that a capture can be asked for. */
function fullest(): CapturePlan {
  const one = { values: [1], not: false }
  const slot: PlanSlot = {
    failed: true,
    socket: true,
    comm: { values: ['ksys'], not: false },
    pid: one,
    tid: one,
    uid: one,
    container: { text: '' },
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
