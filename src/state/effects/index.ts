// Which effect an event has. Found when the event is first met, by its name or by what its declaration says that it makes, and
// kept by its code.
import type { EventDef } from '../../schema/types.js'
import { birthEffects } from './birth.js'
import { closeEffects } from './close.js'
import { dupEffects } from './dup.js'
import { type Effect, type EffectMaker, type Effects, NO_SLOT, type Slot, slot } from './effect.js'
import { execEffects } from './exec.js'
import { fdRecordEffects } from './fd-records.js'
import { identityEffects } from './identity.js'
import { internalEffects } from './internal.js'
import { made, madeEffects } from './made.js'
import { miscellaneousEffects } from './miscellaneous.js'
import { open } from './open.js'
import { placeEffects } from './process-context.js'
import { socketEffects, socketEnterEffects } from './sockets.js'
import { timesEffects } from './times.js'
import { transferEffects } from './transfer.js'
import { twoSided } from './two-sided.js'

/** Effects of calls that change nothing and use no descriptor when they failed; they are asked only when they did not. */
const ofSuccess: Effects = { ...madeEffects, ...birthEffects, ...execEffects }

const ofOutcome: Effects = {
  ...closeEffects,
  ...dupEffects,
  ...socketEffects,
  ...transferEffects,
  ...placeEffects,
  ...identityEffects,
  ...internalEffects,
  ...fdRecordEffects,
  ...timesEffects,
  ...miscellaneousEffects,
}

const named = (effects: Effects, { name }: EventDef) => (Object.hasOwn(effects, name) ? effects[name] : undefined)

/** The effect of a call's success, by its name or by what its declaration says that it makes. */
function successOf(def: EventDef): EffectMaker | undefined {
  const own = named(ofSuccess, def)
  if (own !== undefined || named(ofOutcome, def) !== undefined) return own
  return def.opens !== undefined ? open : def.makes !== undefined ? made : undefined
}

function makerOf(def: EventDef, isEnter: boolean): EffectMaker | undefined {
  return isEnter ? named(socketEnterEffects, def) : (successOf(def) ?? named(ofOutcome, def))
}

/** Whether an event's effect may change more than what the event itself is seen to be about. */
export function changesState(def: EventDef, isEnter: boolean): boolean {
  return makerOf(def, isEnter) !== undefined
}

/** Whether the effect of an event is asked only when the call did not fail. */
export function failsInVain(def: EventDef, isEnter: boolean): boolean {
  return !isEnter && successOf(def) !== undefined
}

/** What an event does beside using one descriptor, undefined for others. Enter events change nothing but names. */
export function effectOf(def: EventDef, isEnter: boolean): Effect | undefined {
  return (makerOf(def, isEnter) ?? (def.transfer === undefined ? undefined : twoSided))?.(def)
}

/** Where the rows of an event have the number of the descriptor that they use. */
export function descriptorSlot(def: EventDef): Slot {
  const p = def.fd === undefined ? undefined : def.params[def.fd]
  return p === undefined || p.wire === 'ret' ? NO_SLOT : slot(def, p.name)
}
