// Filters of which the type of an event alone decides: whoever counts by type needs to ask nothing else.
import { CODE_LIMIT } from '../schema/codes.js'
import { TRUE } from './bytype.js'
import { CODES } from './events.js'
import { FoldByType } from './fold-by-type.js'
import { Interner } from './intern.js'
import type { CheckedFilter } from './typed.js'

/** By event code, 1 where a filter passes all events; undefined where more than the type decides of some. */
export function decidedByType({ root }: CheckedFilter): Uint8Array | undefined {
  const interner = new Interner()
  const byType = new FoldByType(interner, () => true)
  const node = interner.node(root)
  const passing = new Uint8Array(CODE_LIMIT)
  for (const code of CODES) {
    const folded = byType.fold(node, code)
    if (typeof folded !== 'number') return undefined
    if (folded === TRUE) passing[code] = 1
  }
  return passing
}
