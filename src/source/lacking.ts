// Begins a capture on a kernel that lacks features or refuses programs: without those that a capture can do without, each
// of which is told to the user.
import { constants, release } from 'node:os'
import { FEATURES, type Feature, hostFeatures } from './features.js'
import type { NativeFailure } from './native.js'
import type { CapturePlan } from './plan.js'
import { saysTooManyFiles } from './refusal.js'

/** A feature that a capture does without. */
export interface MissingFeature {
  readonly feature: Feature
  /** the kernel was asked and refused; false: it has no such thing */
  readonly refused: boolean
  /** what the system said */
  readonly detail: string
}

/** What is to be told of a lack: the sentence, and what the system said. */
export interface Notice {
  readonly text: string
  readonly detail: string
}

const { ENOMEM, EMFILE, ENFILE } = constants.errno
/** What is short now says nothing about the kernel. */
const SHORT = [ENOMEM, EMFILE, ENFILE]

/** How a beginning ended: with what it made, or with what it threw of something that cannot be left out. */
export type StartResult<T> = { readonly lacks: readonly MissingFeature[] } & (
  | { readonly made: T }
  | { readonly failure: unknown }
)

/**
 * Begins a capture: `begin` gets the names of the features that are left out, one more each time that it throws what the addon
 * throws of one that may be (NativeFailure). `has`: what the kernel is known to have.
 */
export function startWithout<T>(
  begin: (without: string[]) => T,
  has: ReadonlyMap<string, boolean> | undefined = hostFeatures(),
): StartResult<T> {
  const lacks: MissingFeature[] = FEATURES.filter((f) => f.without !== undefined && has?.get(f.name) === false).map(
    (feature) => ({ feature, refused: false, detail: '' }),
  )
  let first: { failure: unknown } | undefined
  for (;;) {
    try {
      return { made: begin(lacks.map((l) => l.feature.name)), lacks }
    } catch (failure) {
      const { feature: name, errno = 0, log = '' } = failure as Partial<NativeFailure>
      const refused = SHORT.includes(errno) || saysTooManyFiles(log) ? undefined : FEATURES.find((f) => f.name === name)
      if (refused?.without === undefined) first ??= { failure }
      const feature = refused && leftOut(refused, lacks)
      if (feature === undefined) return { ...(first ?? { failure }), lacks }
      lacks.push({ feature, refused: true, detail: log })
    }
  }
}

/** What is left out when that is refused: itself, or of what cannot be, something that it uses and may be taken without. */
function leftOut(refused: Feature, lacks: readonly MissingFeature[]): Feature | undefined {
  const still = (f: Feature) => !lacks.some((l) => l.feature === f)
  if (refused.without !== undefined) return still(refused) ? refused : undefined
  return FEATURES.find((f) => f.within && still(f))
}

/** What is to be told at the start of a capture with that plan. */
export function noticesFor(lacks: readonly MissingFeature[], plan: CapturePlan): Notice[] {
  return lacks
    .filter((l) => l.refused || l.feature.asked?.(plan) === true)
    .map((l) => ({ text: sentence(l), detail: l.detail }))
}

function sentence({ feature: { name, without }, refused }: MissingFeature): string {
  const kernel = `this kernel (${release()})`
  return refused
    ? `going on without ${name}, which ${kernel} refuses: ${without}; please report what ksys --verbose says`
    : `going on without ${name}, which ${kernel} does not offer: ${without}`
}
