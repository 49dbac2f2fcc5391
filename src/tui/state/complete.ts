// Completion while typing: field names in a filter, and names from any list.
import { registry } from '../../fields/index.js'
import type { Line } from '../model/model.js'
import { replace } from './line.js'

/** Maximum number of candidates. */
const OFFERED = 200

export interface Candidate {
  readonly name: string
  readonly doc: string
}

/** Candidates for the text between `from` and the cursor; none if it is complete or cannot be completed. */
export interface Completion {
  readonly from: number
  readonly found: readonly Candidate[]
}

/** Field names that start with the word before the cursor; none without a word. */
export function fieldsFor(l: Line): Completion {
  const before = l.text.slice(0, l.cursor)
  const word = /[A-Za-z][A-Za-z0-9_.]*$/.exec(before)?.[0] ?? ''
  const from = l.cursor - word.length
  if (word === '' || /[="'<>]\s*$/.test(before.slice(0, from))) return { from, found: [] }
  const names = registry.names().filter((n) => n.startsWith(word) && registry.get(n)?.removed === undefined)
  if (names.length === 1 && names[0] === word) return { from, found: [] }
  return { from, found: names.slice(0, OFFERED).map((name) => ({ name, doc: registry.get(name)?.doc ?? '' })) }
}

/** Those of `all` that start with the text from `from` to the cursor, ignoring case. */
export function wordsFor(l: Line, from: number, all: readonly Candidate[]): Completion {
  const typed = l.text.slice(from, l.cursor).toLowerCase()
  const found = all.filter(({ name }) => name.toLowerCase().startsWith(typed))
  return { from, found: found.length === 1 && found[0]?.name === typed ? [] : found.slice(0, OFFERED) }
}

/** The line completed by the common prefix of all candidates. */
export function completed(l: Line, { from, found }: Completion): Line {
  const [first, ...others] = found.map((c) => c.name)
  if (first === undefined) return l
  let common = first
  for (const name of others) while (!name.startsWith(common)) common = common.slice(0, -1)
  return common.length < l.cursor - from ? l : replace(l, from, l.cursor, common)
}
