// The present question in words: for the worker, and as a command line.
import type { Cell } from '../../table/types.js'
import { columnsOf, type View } from '../../views/define.js'
import { type Drill, page, type Step, step, type UiState } from './model.js'

/** The person's filter and every selection on the way, joined. */
export function wholeFilter(s: UiState): string {
  const parts = s.pages.flatMap((p) => (p.drill === undefined ? [] : [p.drill.filter]))
  if (s.filter === '') return parts.join(' and ')
  return parts.length === 0 ? s.filter : `(${s.filter}) and ${parts.join(' and ')}`
}

/** Asks the worker the present question anew. */
export function askAgain(s: UiState): Step {
  const { view, sort, selected } = page(s)
  const number = s.number + 1
  const state: UiState = { ...s, number, answer: undefined, refused: undefined, held: false, history: [] }
  return step(
    state,
    { kind: 'send', request: { kind: 'ask', number, view: view.id, filter: wholeFilter(s), sort } },
    { kind: 'send', request: { kind: 'pin', id: selected } },
  )
}

/** The fields that a selected row of this view is known by. */
export function keyFields(view: View): readonly string[] {
  return view.table === undefined ? ['evt.num'] : (view.table.groupBy ?? view.table.keys)
}

/** What selecting a row adds to the question; undefined when its key has no value. */
export function drillOf(view: View, keys: readonly Cell[]): Drill | undefined {
  const fields = keyFields(view)
  const conditions: string[] = []
  for (const [i, field] of fields.entries()) {
    const value = keys[i]
    if (value === undefined) return undefined
    conditions.push(`${field}=${literal(value)}`)
  }
  return {
    field: fields[0] as string,
    filter: conditions.join(' and '),
    label: fields.map((f, i) => `${f}=${plain(keys[i])}`).join(' '),
  }
}

function plain(value: Cell): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
}

/** A value as the filter language writes it. */
export function literal(value: NonNullable<Cell>): string {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  const text = plain(value)
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text
  const quoted = text.replace(/[\\"\0-\x1f\x7f]|[\udc80-\udcff]/g, (c) => {
    const known = ESCAPES[c]
    if (known !== undefined) return known
    return `\\x${(c.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`
  })
  return `"${quoted}"`
}

/** The present screen as a command for a shell. */
export function commandLine(s: UiState): string {
  const { view } = page(s)
  const words = ['ksys', 'ui', ...(s.file === undefined ? [] : ['-r', s.file])]
  if (view.id !== s.views[0]?.id) words.push('-v', view.id)
  if (s.containers) words.push('-pc')
  const filter = wholeFilter(s)
  if (filter !== '') words.push(filter)
  return words.map(shellWord).join(' ')
}

/** A word that every shell takes as it is. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** Titles of the page's columns, for what is shown before its first answer. */
export function titles(view: View): string[] {
  return columnsOf(view).map((c) => c.title)
}
