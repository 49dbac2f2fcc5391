// Parses redaction files: one rule per line, `FIELDS hash|mask|drop [/PATTERN/]`. Errors have their place.
import { EVENTS } from '../schema/events/index.js'
import { patternError } from './pattern.js'
import { ACTIONS, type Action, type Rule } from './redaction.js'
import { fieldError, type ParameterNames } from './targets.js'

/** An error in a redaction file; line and column count from 1. */
export class RedactionError extends Error {
  constructor(
    readonly line: number,
    readonly column: number,
    what: string,
  ) {
    super(what)
  }
}

const LINE = /^(\s*)(\S+)(?:(\s+)(\S+)(?:(\s+)(.*\S))?)?\s*$/

/** The rules of a file's text, in order. Throws RedactionError. */
export function parseRules(text: string): Rule[] {
  const parameters = parameterNames()
  return text.split(/\r?\n/).flatMap((line, i) => {
    if (/^\s*(#|$)/.test(line)) return []
    return [ruleOf(line, i + 1, parameters)]
  })
}

/** Names of the parameters that rules may change, and of those that only contain fixed words of ksys. */
function parameterNames(): ParameterNames {
  const all = EVENTS.flatMap((def) => def?.params ?? [])
  const others = new Set(all.filter((p) => p.means !== 'own word').map((p) => p.name))
  return { others, ownWords: new Set(all.map((p) => p.name).filter((name) => !others.has(name))) }
}

function ruleOf(line: string, number: number, parameters: ParameterNames): Rule {
  const [, indent = '', words = '', gap = '', action, gap2 = '', rest] = LINE.exec(line) as RegExpExecArray
  const at = indent.length + 1
  const fields = words.split(',')
  let column = at
  for (const field of fields) {
    if (field === '') throw new RedactionError(number, column, 'expected a field')
    const wrong = fieldError(field, parameters)
    if (wrong !== undefined) throw new RedactionError(number, column, `${field} ${wrong}`)
    column += field.length + 1
  }
  const actionAt = at + words.length + gap.length
  if (action === undefined) throw new RedactionError(number, at + words.length, `expected ${ACTIONS.join(', ')}`)
  if (!isAction(action)) throw new RedactionError(number, actionAt, `expected ${ACTIONS.join(', ')}, not '${action}'`)
  if (rest === undefined) return { fields, action }
  return { fields, action, pattern: patternOf(rest, number, actionAt + action.length + gap2.length) }
}

/** The text between the first and the last slash; i after it: ignore case. */
function patternOf(text: string, line: number, column: number): string {
  if (!text.startsWith('/')) throw new RedactionError(line, column, 'a pattern must be enclosed in slashes: /PATTERN/')
  const end = text.lastIndexOf('/')
  if (end === 0) throw new RedactionError(line, column + text.length, 'the pattern has no slash at its end')
  const flags = text.slice(end + 1)
  if (flags !== '' && flags !== 'i')
    throw new RedactionError(line, column + end + 1, `only i is allowed after a pattern, not '${flags}'`)
  const source = text.slice(1, end)
  if (source === '') throw new RedactionError(line, column + 1, 'the pattern is empty')
  const pattern = flags === 'i' ? `(?i)${source}` : source
  const wrong = patternError(pattern)
  if (wrong !== undefined) throw new RedactionError(line, column + 1, `invalid pattern: ${wrong}`)
  return pattern
}

function isAction(word: string): word is Action {
  return (ACTIONS as readonly string[]).includes(word)
}
