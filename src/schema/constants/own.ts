// Tables of the kernel's constants that libs does not know. A table is a text with a NAME=value per line; after a # follows a
// remark of from-headers.mjs.
import type { FlagTable } from '../types.js'

/** Parses a table; names of several bits must precede those of the bits they contain. */
export function own(name: string, words: string): FlagTable {
  const entries = words
    .replaceAll(/#.*/g, '')
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [key = '', value] = word.split('=')
      if (value === undefined || value === '') throw new Error(`constants ${name}: ${key} has no value`)
      const n = Number(value)
      return [key, n < 0 ? n >>> 0 : n] as const
    })
  return { name, entries, own: true }
}

/** Name of one value of a table. */
export const nameIn = (table: FlagTable) => {
  const names = new Map(table.entries.map(([name, value]) => [value, name]))
  return (value: number): string | undefined => names.get(value >>> 0)
}

/** Name of the value without the bits of `rest`, followed by the names of those bits: a mode that includes flags. */
export const nameWith = (table: FlagTable, rest: FlagTable) => {
  const nameOf = nameIn(table)
  const all = rest.entries.reduce((n, [, bit]) => n | bit, 0)
  return (value: number): string | undefined => {
    const base = value & ~all
    const name = nameOf(base)
    const more = rest.entries.filter(([, bit]) => (value & bit) !== 0).map(([bit]) => bit)
    if (name === undefined && more.length === 0) return undefined
    return [name ?? `0x${(base >>> 0).toString(16)}`, ...more].join('|')
  }
}

/** Names of bits, followed by file permissions in octal. */
export const namesAndMode = (table: FlagTable) => (value: number) => {
  const names = table.entries.filter(([, bit]) => (value & bit) !== 0).map(([name]) => name)
  const known = table.entries.reduce((n, [, bit]) => n | bit, 0)
  const rest = (value & ~known) >>> 0
  return names.length === 0 && rest === 0
    ? undefined
    : [...names, ...(rest === 0 ? [] : [`0${rest.toString(8)}`])].join('|')
}

/** Names of the bits of a value; undefined if none of its bits has a name. */
export const bitsIn = (table: FlagTable) => {
  const known = table.entries.reduce((n, [, bit]) => n | bit, 0)
  return (value: number): string | undefined => {
    const names = table.entries.filter(([, bit]) => bit !== 0 && (value & bit) === (bit | 0)).map(([name]) => name)
    const rest = (value & ~known) >>> 0
    if (names.length === 0) return undefined
    return [...names, ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join('|')
  }
}
