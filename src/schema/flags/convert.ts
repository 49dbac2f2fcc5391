// From the kernel's constants to libs' portable ones.
import type { FlagTable, ParamType } from '../types.js'

/** Third member of a table entry whose name has no value of the kernel's own: nothing converts to it. */
export const NOT_NATIVE = -1

export type FlagKind = 'flags' | 'enum'

/** What a parameter type's values are: a set of bits, one of several values, or plain numbers (undefined). */
export function flagKind(type: ParamType): FlagKind | undefined {
  if (type.startsWith('flags') || type === 'mode') return 'flags'
  return type.startsWith('enumflags') ? 'enum' : undefined
}

/**
 * Converts a value that the kernel was given to libs' portable value. Bits that the table does not name are dropped; an
 * enum value that it does not name becomes the table's UNKNOWN when it has one, and stays itself otherwise.
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
