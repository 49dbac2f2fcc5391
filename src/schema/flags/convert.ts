// Converts the kernel's constants to libs' portable ones.
import type { FlagTable, ParamType } from '../types.js'

/** Third member of a table entry without a kernel value: nothing converts to it. */
export const NOT_NATIVE = -1

export type FlagKind = 'flags' | 'enum'

/** What the values of a parameter type are: a set of bits, one of several values, or plain numbers (undefined). */
export function flagKind(type: ParamType): FlagKind | undefined {
  if (type.startsWith('flags') || type === 'mode') return 'flags'
  return type.startsWith('enumflags') ? 'enum' : undefined
}

/**
 * Converts a kernel value to libs' portable value. Bits that the table does not name are dropped; an unnamed enum value becomes
 * the table's UNKNOWN if it has one, and is unchanged otherwise.
 */
export function toPortable(table: FlagTable, kind: FlagKind, value: number): number {
  if (table.own) return value
  if (table.fromNative !== undefined) return table.fromNative(value)
  return kind === 'enum' ? byValue(table, value) : convertBits(table.entries, value)
}

function byValue(table: FlagTable, value: number): number {
  let unknown = value
  for (const [name, ppm, native = ppm] of table.entries) {
    if (native === value) return ppm
    if (native === NOT_NATIVE && name.endsWith('UNKNOWN')) unknown = ppm
  }
  return unknown
}

/** The portable bits of those entries whose kernel bits are all set in the value. */
export function convertBits(entries: FlagTable['entries'], value: number): number {
  const low = value | 0
  let out = 0
  for (const [, ppm, native = ppm] of entries) if (native > 0 && (low & native) === (native | 0)) out |= ppm
  return out >>> 0
}

/** fromNative of a table whose bits are really alternatives: the kernel's value is compared as a whole. */
export function alternatives(entries: FlagTable['entries'], otherwise = 0): (value: number) => number {
  const map = new Map(entries.map(([, ppm, native = ppm]) => [native, ppm]))
  return (value) => map.get(value) ?? otherwise
}
