// Parameters that are memory of a program: data that it read, wrote, sent or received, and structures.
import type { ParamDef } from './types.js'

const SOURCES: ReadonlySet<string> = new Set(['buf', 'iovec', 'msgdata', 'msgcontrol'])

/** Whether a parameter holds data that a program transferred. */
export function holdsData({ from }: ParamDef): boolean {
  return SOURCES.has(from.op)
}

/** Whether a parameter is a structure that libs does not record. The state of threads and descriptors does not depend on it. */
export function isStruct({ type, added }: ParamDef): boolean {
  return type === 'struct' && added === true
}
