// The calls that a profile can refuse, whatever the capabilities of a container: all others are decided by their number alone.
import { capabilityNames } from '../../schema/capabilities.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import { EVENTS } from '../../schema/events/index.js'
import type { Arch, EventDef } from '../../schema/types.js'
import { STEPS } from '../needs/steps.js'
import { DEFAULT_CAPS } from '../profile/apply.js'
import { BY_NUMBER, Decisions } from '../profile/decisions.js'
import type { Profile } from '../profile/profile.js'

const ALL_CAPS = 2 ** 53 - 1
/** Rules depend on the presence or the absence of capabilities. */
const CAPS: readonly ReadonlySet<string>[] = [new Set(), new Set(DEFAULT_CAPS), new Set(capabilityNames(ALL_CAPS))]
const MACHINES: readonly Arch[] = ['x64', 'arm64']

/**
 * By 2 * event code, + 1 for 32-bit programs: 1 if the profile can refuse such a call, for some arguments or to some container. Without the
 * architecture of 32-bit programs a profile refuses all of their calls, but few programs have 32 bits.
 */
function refusableCalls(profile: Profile, arch: Arch, defs: readonly (EventDef | undefined)[]): Uint8Array {
  const calls = new Uint8Array(2 * CODE_LIMIT)
  for (const caps of CAPS) {
    const { byNumber } = new Decisions(profile, { arch, kernel: '', caps }, defs)
    for (let i = 0; i < byNumber.length; i++)
      if (byNumber[i] === BY_NUMBER.REFUSED || byNumber[i] === BY_NUMBER.BY_ARGUMENTS) calls[i] = 1
  }
  return calls
}

/** The names of these events on any machine, sorted. */
export function refusable(profile: Profile): string[] {
  const names = new Set<string>()
  for (const arch of MACHINES)
    for (const [i, can] of refusableCalls(profile, arch, EVENTS).entries()) {
      const name = EVENTS[i >> 1]?.name
      if (can === 1 && name !== undefined) names.add(name)
    }
  return [...names].sort()
}

/** By 2 * event code, + 1 for 32-bit programs: 1 if the event matters to a judge, as such a call or as a step of a process. */
export function relevantEvents(profile: Profile, arch: Arch, defs: readonly (EventDef | undefined)[]): Uint8Array {
  const events = refusableCalls(profile, arch, defs)
  const steps: ReadonlySet<string> = new Set(STEPS)
  for (const [code, def] of defs.entries())
    if (def !== undefined && steps.has(def.name)) events.fill(1, 2 * code, 2 * code + 2)
  return events
}
