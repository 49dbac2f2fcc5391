// Event names as filters use them: the codes of each name, and names that existed in older versions or exist in other
// tools.
import { EVENTS, eventsByName, evtTypeNames } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'

/**
 * Names in captures of other tools and older versions; comparing with them is no error although no event here has them.
 */
const ELSEWHERE = [
  'container',
  'notification',
  'infra',
  'procinfo',
  'tracer',
  'cpu_hotplug',
  'k8s',
  'mesos',
  'pluginevent',
  'asyncevent',
  'useradded',
  'userdeleted',
  'groupadded',
  'groupdeleted',
  'syscall',
]

/** Every event code for which evt.type can have a name. */
export const CODES: readonly number[] = evtTypeNames()
  .flatMap((name) => eventsByName(name))
  .sort((a, b) => a - b)

/** The codes of a name, including enter events; empty if no event has it. */
export function codesOf(name: string): readonly number[] {
  return eventsByName(name)
}

export function isEventName(name: string): boolean {
  return eventsByName(name).length > 0 || ELSEWHERE.includes(name)
}

export function eventNames(): Iterable<string> {
  return evtTypeNames()
}

export function eventDef(code: number): EventDef | undefined {
  return EVENTS[code]
}
