// What a page consists of: sections of rows, in which names are kept apart from the words around them.

/** A part of a line: words of ksys, or a name that came from the captured programs. */
export type Phrase = string | { readonly name: string }

export interface Row {
  /** how far it is indented */
  readonly depth: number
  readonly parts: readonly Phrase[]
}

export interface Section {
  readonly title: string
  readonly note?: readonly Phrase[]
  readonly rows: readonly Row[]
  /** rows that do not fit on the page */
  readonly more: number
}

/** Maximum number of rows of a section. JSON has all rows. */
const MOST_ROWS = 25

export function name(text: string): Phrase {
  return { name: text }
}

/** The rows of a section that fit on the page. */
export function shownRows(rows: readonly Row[]): Pick<Section, 'rows' | 'more'> {
  return { rows: rows.slice(0, MOST_ROWS), more: Math.max(0, rows.length - MOST_ROWS) }
}

/** Clauses as a sentence; doubtful: the capture may have missed something. */
export function sentence(clauses: readonly string[], doubtful: boolean): string {
  const all = clauses.length < 2 ? clauses.join('') : `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)}`
  return `${all.charAt(0).toUpperCase()}${all.slice(1)}${doubtful ? ', as far as it was recorded' : ''}.`
}
