// Redaction files: a rule a line, `FIELDS hash|mask|drop [/PATTERN/]`; what is wrong is told with its place.
import { EVENTS } from '../schema/events/index.js'
import { patternError } from './pattern.js'
import { ACTIONS, type Action, type Rule } from './redaction.js'
import { fieldError, type ParameterNames } from './targets.js'

/** A mistake in a redaction file: line and column count from 1. */
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

/** The rules of a file's text, in their order. Throws RedactionError. */
export function parseRules(text: string): Rule[] {
  const parameters = parameterNames()
  return text.split(/\r?\n/).flatMap((line, i) => {
    if (/^\s*(#|$)/.test(line)) return []
    return [ruleOf(line, i + 1, parameters)]
  })
}

/** Names of the parameters that rules may change, and of those that are nothing but words of ksys. */
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
    if (field === '') throw new RedactionError(number, column, 'a field is expected here')
    const wrong = fieldError(field, parameters)
    if (wrong !== undefined) throw new RedactionError(number, column, `${field} ${wrong}`)
    column += field.length + 1
  }
  const actionAt = at + words.length + gap.length
  if (action === undefined)
    throw new RedactionError(number, at + words.length, `${ACTIONS.join(', ')} is expected here`)
  if (!isAction(action)) throw new RedactionError(number, actionAt, `'${action}' is none of ${ACTIONS.join(', ')}`)
  if (rest === undefined) return { fields, action }
  return { fields, action, pattern: patternOf(rest, number, actionAt + action.length + gap2.length) }
}

/** What stands between the first slash and the last; behind it i: letters may be small or capital. */
function patternOf(text: string, line: number, column: number): string {
  if (!text.startsWith('/')) throw new RedactionError(line, column, 'a pattern stands between slashes: /PATTERN/')
  const end = text.lastIndexOf('/')
  if (end === 0) throw new RedactionError(line, column + text.length, 'the pattern has no slash at its end')
  const flags = text.slice(end + 1)
  if (flags !== '' && flags !== 'i')
    throw new RedactionError(line, column + end + 1, `behind a pattern only i may stand, not '${flags}'`)
  const source = text.slice(1, end)
  if (source === '') throw new RedactionError(line, column + 1, 'the pattern is empty')
  const pattern = flags === 'i' ? `(?i)${source}` : source
  const wrong = patternError(pattern)
  if (wrong !== undefined) throw new RedactionError(line, column + 1, `the pattern cannot be used: ${wrong}`)
  return pattern
}

function isAction(word: string): word is Action {
  return (ACTIONS as readonly string[]).includes(word)
}
