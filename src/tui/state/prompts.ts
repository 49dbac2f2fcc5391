// Handles keys while a line is being typed: a filter, a text that rows must contain, a text to search, a command.
import { type Input, keyId } from '../input/input.js'
import { commandFor } from '../keys/bindings.js'
import { type Overlay, page, type Step, step, type UiState, withPage } from '../model/model.js'
import { filterBy } from '../model/query.js'
import { run } from './commands.js'
import { type Candidate, completed, fieldsFor } from './complete.js'
import { edit, lineOf } from './line.js'
import { completionOf, runNamed } from './named-commands.js'
import { findNext } from './search.js'
import { settle } from './selection.js'

type Prompt = Extract<Overlay, { line: unknown }>
type PromptOf<K extends Prompt['kind']> = Extract<Prompt, { kind: K }>

export function promptInput(s: UiState, o: Prompt, i: Input): Step {
  const id = i.type === 'key' ? keyId(i) : ''
  const anywhere = isText(i) ? undefined : commandFor(id, 'text')
  if (anywhere === 'quit' || anywhere === 'suspend' || anywhere === 'redraw') return run(s, anywhere)
  switch (o.kind) {
    case 'filter':
      return filterInput(s, o, i, id)
    case 'text':
      return textInput(s, o, i, id)
    case 'search':
      return searchInput(s, o, i, id)
    case 'named':
      return namedInput(s, o, i, id)
  }
}

/** Candidates for the word being typed. */
export function wordsUnder(s: UiState): readonly Candidate[] {
  const o = s.overlay
  if (o?.kind === 'filter') return fieldsFor(o.line).found
  return o?.kind === 'named' && o.line.text !== '' ? completionOf(s, o.line).found : []
}

/** Whether an input is text for the line, whatever its key does elsewhere. */
function isText(i: Input): boolean {
  return i.type !== 'key' || (i.name === 'char' && !i.ctrl && !i.alt)
}

function closed(s: UiState): UiState {
  return settle({ ...s, overlay: undefined })
}

function filterInput(s: UiState, o: PromptOf<'filter'>, i: Input, id: string): Step {
  if (id === 'escape') return step(closed(s))
  if (id === 'f2') return step(settle({ ...s, overlay: { kind: 'text', line: lineOf(page(s).text) } }))
  if (id === 'tab')
    return step({ ...s, overlay: { ...o, line: completed(o.line, fieldsFor(o.line)), error: undefined } })
  if (id === 'enter') return orError(s, o, filterBy(closed(s), o.line.text))
  return typed(s, o, i, (line) => ({ ...s, overlay: { ...o, line, error: undefined } }))
}

/** Filters rows while the user types. */
function textInput(s: UiState, o: PromptOf<'text'>, i: Input, id: string): Step {
  const showing = (text: string) => withPage(s, { text })
  if (id === 'escape') return step(closed(showing('')))
  if (id === 'enter') return step(closed(s))
  if (id === 'f2') return step(settle({ ...s, overlay: { kind: 'filter', line: lineOf(s.filter), error: undefined } }))
  return typed(s, o, i, (line) => settle({ ...showing(line.text), overlay: { ...o, line } }))
}

function searchInput(s: UiState, o: PromptOf<'search'>, i: Input, id: string): Step {
  if (id === 'escape') return step(closed({ ...s, search: '' }))
  if (id === 'enter') return step(closed(s))
  if (id === 'f3') return step(findNext(s, 1))
  return typed(s, o, i, (line) => {
    const next: UiState = { ...s, overlay: { ...o, line }, search: line.text }
    return line.text === '' ? next : findNext(next, 1, true)
  })
}

function namedInput(s: UiState, o: PromptOf<'named'>, i: Input, id: string): Step {
  if (id === 'escape' || (id === 'backspace' && o.line.text === '')) return step(closed(s))
  if (id === 'tab') {
    const completion = completionOf(s, o.line)
    const line = completed(o.line, completion)
    const whole = completion.found.length === 1 && completion.from === 0
    return step({ ...s, overlay: { ...o, line: whole ? lineOf(`${line.text} `) : line, error: undefined } })
  }
  if (id === 'enter') return orError(s, o, runNamed(closed(s), o.line.text))
  return typed(s, o, i, (line) => ({ ...s, overlay: { ...o, line, error: undefined } }))
}

function typed(s: UiState, o: Prompt, i: Input, then: (line: Prompt['line']) => UiState): Step {
  const line = edit(o.line, i)
  return step(line === undefined ? s : then(line))
}

/** The outcome; an error stays under the line until the next key. */
function orError(s: UiState, o: PromptOf<'filter' | 'named'>, outcome: Step | string): Step {
  return typeof outcome === 'string' ? step({ ...s, overlay: { ...o, error: outcome } }) : outcome
}
