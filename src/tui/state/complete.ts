// Completion of field names in a filter.
import { registry } from '../../fields/index.js'
import { replace } from './line.js'
import type { Line } from './model.js'

/** Fields offered at most. */
const OFFERED = 200

export interface Candidate {
  readonly name: string
  readonly doc: string
}

/** The word before the cursor, and where it begins. */
function word(l: Line): { text: string; from: number } {
  const text = /[A-Za-z][A-Za-z0-9_.]*$/.exec(l.text.slice(0, l.cursor))?.[0] ?? ''
  return { text, from: l.cursor - text.length }
}

/** Fields that the word before the cursor may become; none while there is no word. */
export function candidates(l: Line): Candidate[] {
  const { text, from } = word(l)
  if (text === '' || /[="'<>]\s*$/.test(l.text.slice(0, from))) return []
  const names = registry.names().filter((n) => n.startsWith(text) && registry.get(n)?.removed === undefined)
  if (names.length === 1 && names[0] === text) return []
  return names.slice(0, OFFERED).map((name) => ({ name, doc: registry.get(name)?.doc ?? '' }))
}

/** The line with the word before the cursor completed as far as all candidates agree. */
export function complete(l: Line): Line {
  const found = candidates(l)
  const first = found[0]
  if (first === undefined) return l
  let common = first.name
  for (const c of found) while (!c.name.startsWith(common)) common = common.slice(0, -1)
  const { from } = word(l)
  return replace(l, from, l.cursor, common)
}
