// Filters decided by event type alone: a counter by type then needs no other field.
import { SIDE } from '../model/event.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { TRUE } from './bytype.js'
import { CODES, eventDef } from './events.js'
import { FoldByType } from './fold-by-type.js'
import { Interner } from './intern.js'
import { sidesDecided } from './sides.js'
import type { CheckedFilter } from './typed.js'

/**
 * Which events a filter passes, by event code: 0 none, 1 all; for calls on two descriptors, the sides that pass (SIDE).
 * undefined if some events need more than the type.
 */
export function decidedByType({ root }: CheckedFilter): Uint8Array | undefined {
  const interner = new Interner()
  const byType = new FoldByType(interner, () => true)
  const node = interner.node(root)
  const passing = new Uint8Array(CODE_LIMIT)
  for (const code of CODES) {
    const folded = byType.fold(node, code)
    const two = eventDef(code)?.transfer !== undefined
    if (typeof folded === 'number') {
      if (folded === TRUE) passing[code] = two ? SIDE.BOTH : 1
      continue
    }
    const sides = two ? sidesDecided(folded) : undefined
    if (sides === undefined) return undefined
    passing[code] = sides
  }
  return passing
}
