// A trace's table of events: their names, codes and parameters when it was written.
import { EVENTS } from '../schema/events/index.js'
import type { EventDef, Wire } from '../schema/types.js'
import { KNOWN } from './known-part.js'
import { asString } from './pack.js'

/** An event as a trace declares it. */
export interface FileEvent {
  readonly code: number
  readonly name: string
  /** names and wire types of the parameters, in order */
  readonly params: readonly (readonly [name: string, wire: Wire])[]
}

const WIRES: ReadonlySet<string> = new Set<Wire>(['ret', 'i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'var'])
/** number of bits in the mask of absent parameters */
const MAX_PARAMS = 32

/** The table of events for a trace's metadata: [code, name, [[parameter, wire], ...]] each. */
export function packEvents(defs: readonly (EventDef | undefined)[]): unknown {
  return defs.filter((d) => d !== undefined).map((d) => [d.code, d.name, d.params.map((p) => [p.name, p.wire])])
}

/** The events in a trace's metadata, without malformed ones. KNOWN: the current ones. */
export function unpackEvents(packed: unknown): FileEvent[] {
  const value = packed === KNOWN ? packEvents(EVENTS) : packed
  return (Array.isArray(value) ? value : []).flatMap((entry) => unpackEvent(entry) ?? [])
}

/** An event as packed; undefined if it is malformed. */
function unpackEvent(entry: unknown): FileEvent | undefined {
  const [code, name, params] = Array.isArray(entry) ? entry : []
  const text = asString(name)
  if (!Number.isInteger(code) || code < 0 || code > 0xffff || text === undefined || !Array.isArray(params))
    return undefined
  const list: [string, Wire][] = []
  for (const p of params) {
    const [param, wire] = Array.isArray(p) ? p : []
    const paramName = asString(param)
    if (paramName !== undefined && WIRES.has(wire)) list.push([paramName, wire as Wire])
  }
  return list.length === params.length && list.length <= MAX_PARAMS ? { code, name: text, params: list } : undefined
}

/** Whether a trace's event has the current layout, so that its rows need no conversion. */
export function isCurrent(event: FileEvent, def: EventDef | undefined): boolean {
  return (
    def !== undefined &&
    def.name === event.name &&
    def.params.length === event.params.length &&
    def.params.every((p, i) => p.name === event.params[i]![0] && p.wire === event.params[i]![1])
  )
}
