// Tables of the kernel's constants that libs does not know, written as the words of a text: NAME=value, one a line, with what
// from-headers.mjs remarks behind a #.
import type { FlagTable } from '../types.js'

/** A table; names of several bits before those of the bits they consume. */
export function own(name: string, words: string): FlagTable {
  const entries = words
    .replaceAll(/#.*/g, '')
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [key = '', value] = word.split('=')
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

/** Name of the value below the bits of `rest`, and the names of those bits: what a mode with flags in it is. */
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

/** Names of bits, and file permissions in octal behind them. */
export const namesAndMode = (table: FlagTable) => (value: number) => {
  const names = table.entries.filter(([, bit]) => (value & bit) !== 0).map(([name]) => name)
  const known = table.entries.reduce((n, [, bit]) => n | bit, 0)
  const rest = (value & ~known) >>> 0
  return names.length === 0 && rest === 0
    ? undefined
    : [...names, ...(rest === 0 ? [] : [`0${rest.toString(8)}`])].join('|')
}

/** Names of the bits of a value; undefined when it has none that is named. */
export const bitsIn = (table: FlagTable) => {
  const known = table.entries.reduce((n, [, bit]) => n | bit, 0)
  return (value: number): string | undefined => {
    const names = table.entries.filter(([, bit]) => bit !== 0 && (value & bit) === (bit | 0)).map(([name]) => name)
    const rest = (value & ~known) >>> 0
    if (names.length === 0) return undefined
    return [...names, ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join('|')
  }
}
