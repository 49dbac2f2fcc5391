// Event names as filters use them: which codes have a name, and names that were events once or elsewhere.
import { EVENTS, eventsByName, evtTypeNames } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'

/** Names in captures of other tools and times; comparing with them is no mistake though nothing here has them. */
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

/** Every event code that evt.type can have a name for. */
export const CODES: readonly number[] = evtTypeNames()
  .flatMap((name) => eventsByName(name))
  .sort((a, b) => a - b)

/** The codes of a name, enter events included; none when nothing has it. */
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
