// Which effect an event has. Found by name when the event is first met, and kept by its code.
import type { EventDef } from '../../schema/types.js'
import { birthEffects } from './birth.js'
import { closeEffects } from './close.js'
import { dupEffects } from './dup.js'
import { type Effect, type Effects, NO_SLOT, type Slot, slot } from './effect.js'
import { execEffects } from './exec.js'
import { identityEffects } from './identity.js'
import { internalEffects } from './internal.js'
import { madeEffects } from './made.js'
import { openEffects } from './open.js'
import { otherEffects } from './others.js'
import { placeEffects } from './place.js'
import { socketEffects, socketEnterEffects } from './sockets.js'
import { timesEffects } from './times.js'
import { toldEffects } from './told.js'
import { transferEffects } from './transfer.js'

/** Effects of calls that change nothing and use no descriptor when they failed; they are asked only when they did not. */
const ofSuccess: Effects = { ...openEffects, ...madeEffects, ...birthEffects, ...execEffects }

const byName: Effects = {
  ...ofSuccess,
  ...closeEffects,
  ...dupEffects,
  ...socketEffects,
  ...transferEffects,
  ...placeEffects,
  ...identityEffects,
  ...internalEffects,
  ...toldEffects,
  ...timesEffects,
  ...otherEffects,
}

/** Whether an event's effect may change more than what the event itself is seen to be about. */
export function changesState(def: EventDef, isEnter: boolean): boolean {
  return Object.hasOwn(isEnter ? socketEnterEffects : byName, def.name)
}

/** Whether the effect of an event is asked only when the call did not fail. */
export function failsInVain(def: EventDef, isEnter: boolean): boolean {
  return !isEnter && Object.hasOwn(ofSuccess, def.name)
}

/** The effect of an event that changes state, undefined for others. Enter events change nothing but names. */
export function effectOf(def: EventDef, isEnter: boolean): Effect | undefined {
  return changesState(def, isEnter) ? (isEnter ? socketEnterEffects : byName)[def.name]!(def) : undefined
}

/** Where the rows of an event have the number of the descriptor that they use. */
export function descriptorSlot(def: EventDef): Slot {
  const p = def.fd === undefined ? undefined : def.params[def.fd]
  return p === undefined || p.wire === 'ret' ? NO_SLOT : slot(def, p.name)
}
