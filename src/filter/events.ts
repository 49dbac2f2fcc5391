// Event names as filters use them: which codes have a name, and names that were events once or elsewhere.
import { EVENTS } from '../schema/events/index.js'
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
  'unknown',
]

const codes = new Map<string, number[]>()
const all: number[] = []
EVENTS.forEach((def: EventDef | undefined, code: number) => {
  if (def === undefined) return
  all.push(code)
  const same = codes.get(def.name)
  if (same === undefined) codes.set(def.name, [code])
  else same.push(code)
})

/** Every declared event code. */
export const CODES: readonly number[] = all

/** The codes of a name, none when nothing has it. */
export function codesOf(name: string): readonly number[] {
  return codes.get(name) ?? []
}

export function isEventName(name: string): boolean {
  return codes.has(name) || ELSEWHERE.includes(name)
}

export function eventNames(): Iterable<string> {
  return codes.keys()
}

export function eventDef(code: number): EventDef | undefined {
  return EVENTS[code]
}
