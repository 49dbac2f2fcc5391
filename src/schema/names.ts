// Functions that name values by tables of constants, without reading a table before the first value.
import type { FlagTable } from './flag-table.js'
import { once } from './lazy.js'

/** Names a value; undefined: the value has no name. */
export type Names = (value: number) => string | undefined

const allBits = ({ entries }: FlagTable): number => entries.reduce((bits, [, bit]) => bits | bit, 0)

/** Name of one value of a table. */
export function nameIn(table: FlagTable): Names {
  const names = once(() => new Map(table.entries.map(([name, value]) => [value, name])))
  return (value) => names().get(value >>> 0)
}

/** Name of the value without the bits of `rest`, followed by the names of those bits: a mode that includes flags. */
export function nameWith(table: FlagTable, rest: FlagTable): Names {
  const nameOf = nameIn(table)
  const all = once(() => allBits(rest))
  return (value) => {
    const base = value & ~all()
    const name = nameOf(base)
    const more = rest.entries.filter(([, bit]) => (value & bit) !== 0).map(([bit]) => bit)
    if (name === undefined && more.length === 0) return undefined
    return [name ?? `0x${(base >>> 0).toString(16)}`, ...more].join('|')
  }
}

/** Names of bits, followed by file permissions in octal. */
export function namesAndMode(table: FlagTable): Names {
  const known = once(() => allBits(table))
  return (value) => {
    const names = table.entries.filter(([, bit]) => (value & bit) !== 0).map(([name]) => name)
    const rest = (value & ~known()) >>> 0
    if (names.length === 0 && rest === 0) return undefined
    return [...names, ...(rest === 0 ? [] : [`0${rest.toString(8)}`])].join('|')
  }
}

/** Names of the bits of a value; undefined if none of its bits has a name. */
export function bitsIn(table: FlagTable): Names {
  const known = once(() => allBits(table))
  return (value) => {
    const names = table.entries.filter(([, bit]) => bit !== 0 && (value & bit) === (bit | 0)).map(([name]) => name)
    const rest = (value & ~known()) >>> 0
    if (names.length === 0) return undefined
    return [...names, ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join('|')
  }
}
