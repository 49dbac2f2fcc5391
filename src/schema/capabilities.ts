// Sets of capabilities.
import { constants, derived } from './constants.js'
import type { FlagTable } from './flag-table.js'

const capabilities = constants('capabilities')

/** The capabilities from number `from` on, as bits of 32. */
export const capabilityBits = (from: 0 | 32): FlagTable =>
  derived(`capability_bits_${from}`, () =>
    capabilities.entries
      .filter(([, n]) => n >= from && n < from + 32)
      .map(([name, n]) => [name, (1 << (n - from)) >>> 0] as const),
  )

const has = (set: number, bit: number) => Math.floor(set / 2 ** bit) % 2 === 1

/** Names of a set of capabilities (a Number can hold all); if most are set, ~ and the names of the missing ones. */
export function capabilitySet(set: number): string | undefined {
  if (set === 0) return undefined
  const { entries } = capabilities
  if (set === 2 ** entries.length - 1) return 'all'
  const there = entries.filter(([, bit]) => has(set, bit))
  const few = there.length * 2 <= entries.length
  const named = few ? there : entries.filter(([, bit]) => !has(set, bit))
  const rest = set - there.reduce((sum, [, bit]) => sum + 2 ** bit, 0)
  const names = [...named.map(([name]) => name), ...(rest > 0 ? [`0x${rest.toString(16)}`] : [])].join('|')
  return few ? names : `~(${names})`
}

/** The names of the capabilities in a set, such as CAP_CHOWN. */
export function capabilityNames(set: number): string[] {
  return capabilities.entries.filter(([, bit]) => has(set, bit)).map(([name]) => name)
}
