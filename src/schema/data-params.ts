// Parameters with data that programs read, wrote, sent or received.
import type { ParamDef } from './types.js'

const SOURCES: ReadonlySet<string> = new Set(['buf', 'iovec', 'msgdata', 'msgcontrol'])

/** Whether a parameter holds data that a program transferred. */
export function holdsData({ from }: ParamDef): boolean {
  return SOURCES.has(from.op)
}
