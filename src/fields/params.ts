// Finds parameters of the event under the cursor by name or kind; caches the index per event definition.
import type { Event } from '../model/event.js'
import type { EventDef, ParamDef } from '../schema/types.js'

/** Returns a finder of the first parameter that `wanted` accepts: its index, or -1 if the event has none. */
export function paramFinder(wanted: (p: ParamDef) => boolean): (e: Event) => number {
  const known = new Map<EventDef, number>()
  let last: EventDef | undefined
  let index = -1
  return (e) => {
    const def = e.def
    if (def === last) return index
    let i = known.get(def)
    if (i === undefined) {
      i = def.params.findIndex(wanted)
      known.set(def, i)
    }
    last = def
    index = i
    return i
  }
}

/** The finder for the parameter called `name`. */
export const byName = (name: string): ((e: Event) => number) => paramFinder((p) => p.name === name)

/** Returns a finder of the shown parameter called `name`: its index among the shown ones, or -1. */
export function shownByName(name: string): (e: Event) => number {
  const known = new Map<readonly ParamDef[], number>()
  let last: readonly ParamDef[] | undefined
  let index = -1
  return (e) => {
    const params = e.shown
    if (params === last) return index
    let i = known.get(params)
    if (i === undefined) {
      i = params.findIndex((p) => p.name === name)
      known.set(params, i)
    }
    last = params
    index = i
    return i
  }
}
