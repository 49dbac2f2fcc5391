// Filters of which the type of an event alone decides: whoever counts by type needs to ask nothing else.
import { SIDE } from '../model/event.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { TRUE } from './bytype.js'
import { CODES, eventDef } from './events.js'
import { FoldByType } from './fold-by-type.js'
import { Interner } from './intern.js'
import { sidesDecided } from './sides.js'
import type { CheckedFilter } from './typed.js'

/**
 * By event code, what a filter passes: 0 none of the events, 1 all of them, of calls on two descriptors the sides of all (SIDE). undefined
 * where more than the type decides of some.
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
