// Which effect an event has. Found by name when the event is first met, and kept by its code.
import type { EventDef } from '../../schema/types.js'
import { birthEffects } from './birth.js'
import { closeEffects } from './close.js'
import { dupEffects } from './dup.js'
import type { Effect, Effects } from './effect.js'
import { execEffects } from './exec.js'
import { identityEffects } from './identity.js'
import { internalEffects } from './internal.js'
import { madeEffects } from './made.js'
import { openEffects } from './open.js'
import { otherEffects, uses } from './others.js'
import { placeEffects } from './place.js'
import { socketEffects, socketEnterEffects } from './sockets.js'
import { timesEffects } from './times.js'
import { toldEffects } from './told.js'
import { transferEffects } from './transfer.js'

const byName: Effects = {
  ...openEffects,
  ...closeEffects,
  ...dupEffects,
  ...madeEffects,
  ...socketEffects,
  ...transferEffects,
  ...birthEffects,
  ...execEffects,
  ...placeEffects,
  ...identityEffects,
  ...internalEffects,
  ...toldEffects,
  ...timesEffects,
  ...otherEffects,
}

/** The event changes nothing and names no descriptor. */
export const nothing: Effect = () => undefined

/** Whether an event's effect may change more than what the event itself is seen to be about. */
export function changesState(def: EventDef, isEnter: boolean): boolean {
  return Object.hasOwn(isEnter ? socketEnterEffects : byName, def.name)
}

/** The effect of an event. Enter events change nothing but names; their descriptor is looked up all the same. */
export function effectOf(def: EventDef, isEnter: boolean): Effect {
  if (changesState(def, isEnter)) return (isEnter ? socketEnterEffects : byName)[def.name]!(def)
  const p = def.fd === undefined ? undefined : def.params[def.fd]
  if (p === undefined || p.wire === 'ret') return nothing
  return uses(def, p.name)
}
