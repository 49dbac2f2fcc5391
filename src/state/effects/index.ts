// Selects the effect of an event: by its name, or by what its declaration says that it creates. Looked up when the event first
// occurs, then cached by its code.
import type { EventDef } from '../../schema/types.js'
import { birthEffects } from './birth.js'
import { closeEffects } from './close.js'
import { createdFd, createdFdEffects } from './created-fd.js'
import { dupEffects } from './dup.js'
import { type Effect, type EffectMaker, type Effects, NO_SLOT, type Slot, slot } from './effect.js'
import { execEffects } from './exec.js'
import { fdRecordEffects } from './fd-records.js'
import { identityEffects } from './identity.js'
import { internalEffects } from './internal.js'
import { miscellaneousEffects } from './miscellaneous.js'
import { open } from './open.js'
import { placeEffects } from './process-context.js'
import { socketEffects, socketEnterEffects } from './sockets.js'
import { timesEffects } from './times.js'
import { transferEffects, twoSided } from './transfer.js'

/** Effects of calls that change nothing and use no descriptor when they fail; they are applied on success only. */
const onSuccess: Effects = { ...createdFdEffects, ...birthEffects, ...execEffects }

const always: Effects = {
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

/** The effect of a call's success, by its name or by what its declaration says that it creates. */
function successOf(def: EventDef): EffectMaker | undefined {
  const own = named(onSuccess, def)
  if (own !== undefined || named(always, def) !== undefined) return own
  return def.opens !== undefined ? open : def.makes !== undefined ? createdFd : undefined
}

function makerOf(def: EventDef, isEnter: boolean): EffectMaker | undefined {
  return isEnter ? named(socketEnterEffects, def) : (successOf(def) ?? named(always, def))
}

/** Whether an event's effect may change more than the event's own thread and descriptor reference. */
export function changesState(def: EventDef, isEnter: boolean): boolean {
  return makerOf(def, isEnter) !== undefined
}

/** Whether the effect of an event is applied only if the call succeeded. */
export function appliesOnSuccessOnly(def: EventDef, isEnter: boolean): boolean {
  return !isEnter && successOf(def) !== undefined
}

/** What an event does besides using one descriptor, undefined for other events. Enter events change only names. */
export function effectOf(def: EventDef, isEnter: boolean): Effect | undefined {
  return (makerOf(def, isEnter) ?? (def.transfer === undefined ? undefined : twoSided))?.(def)
}

/** The slot of the descriptor that the rows of an event use. */
export function descriptorSlot(def: EventDef): Slot {
  const p = def.fd === undefined ? undefined : def.params[def.fd]
  return p === undefined || p.wire === 'ret' ? NO_SLOT : slot(def, p.name)
}
