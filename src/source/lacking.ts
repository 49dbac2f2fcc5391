// Starts a capture on a kernel that lacks features or rejects programs, without those features that are optional. Each missing feature
// is reported to the user.
import { constants, release } from 'node:os'
import { FEATURES, type Feature, hostFeatures } from './features.js'
import type { NativeFailure } from './native.js'
import type { CapturePlan } from './plan.js'
import { isTooManyFiles } from './refusal.js'

/** A feature that a capture runs without. */
interface MissingFeature {
  readonly feature: Feature
  /** true: the kernel rejected it; false: the kernel does not support it */
  readonly refused: boolean
  /** messages of the kernel and libbpf */
  readonly detail: string
}

/** A message for the user, and the details from the kernel or the system. */
export interface Notice {
  readonly text: string
  readonly detail: string
}

const { ENOMEM, EMFILE, ENFILE } = constants.errno
/** Resource exhaustion does not indicate a missing feature. */
const SHORT = [ENOMEM, EMFILE, ENFILE]

/** The result of a start, or the failure of something that is required. */
type StartResult<T> = { readonly lacks: readonly MissingFeature[] } & (
  | { readonly value: T }
  | { readonly failure: unknown }
)

/**
 * Starts a capture. `start` receives the names of the features to omit; each time it fails with a NativeFailure of an optional feature,
 * it is called again without that one. `has`: what the kernel is known to have.
 */
export function startWithout<T>(
  start: (without: string[]) => T,
  has: ReadonlyMap<string, boolean> | undefined = hostFeatures(),
): StartResult<T> {
  const lacks: MissingFeature[] = FEATURES.filter((f) => f.without !== undefined && has?.get(f.name) === false).map(
    (feature) => ({ feature, refused: false, detail: '' }),
  )
  let first: { failure: unknown } | undefined
  for (;;) {
    try {
      return { value: start(lacks.map((l) => l.feature.name)), lacks }
    } catch (failure) {
      const { feature: name, errno = 0, log = '' } = failure as Partial<NativeFailure>
      const refused = SHORT.includes(errno) || isTooManyFiles(log) ? undefined : FEATURES.find((f) => f.name === name)
      if (refused?.without === undefined) first ??= { failure }
      const feature = refused && featureToOmit(refused, lacks)
      if (feature === undefined) return { ...(first ?? { failure }), lacks }
      lacks.push({ feature, refused: true, detail: log })
    }
  }
}

/** The feature to omit after a rejection: the rejected one if it is optional, otherwise an optional one that its programs use. */
function featureToOmit(refused: Feature, lacks: readonly MissingFeature[]): Feature | undefined {
  const isUsed = (f: Feature) => !lacks.some((l) => l.feature === f)
  if (refused.without !== undefined) return isUsed(refused) ? refused : undefined
  return FEATURES.find((f) => f.within && isUsed(f))
}

/** The messages to print at the start of a capture with that plan. */
export function noticesFor(lacks: readonly MissingFeature[], plan: CapturePlan): Notice[] {
  return lacks
    .filter((l) => l.refused || l.feature.isRequested?.(plan) === true)
    .map((l) => ({ text: sentence(l), detail: l.detail }))
}

function sentence({ feature: { name, without }, refused }: MissingFeature): string {
  const kernel = `this kernel (${release()})`
  return refused
    ? `continuing without ${name}: ${kernel} rejected it; ${without}; please report the output of ksys --verbose`
    : `continuing without ${name}: ${kernel} does not support it; ${without}`
}
