// The name of a macro, in place of a check.
import type { MacroRef } from './ast.js'
import type { Scanner } from './lexer.js'
import { WORD_OPERATORS } from './operators.js'

/** What may follow the name: a blank, a parenthesis or the end. Anything else belongs to a field or a transformer. */
const ENDS = /^[ \t\b\r\n)]?$/

/**
 * Parses the name of a macro at the scanner's position. undefined, with the scanner unmoved, for anything else: a
 * field, a transformer, a keyword, or a name that an operator follows, as only fields have.
 */
export function parseMacro(s: Scanner): MacroRef | undefined {
  const from = s.pos
  const name = s.word()
  const span = s.span(from)
  if (name !== undefined && !/^(and|or|not)$/i.test(name) && ENDS.test(s.peek()) && !isCompared(s))
    return { kind: 'macro', name, span }
  s.pos = from
  return undefined
}

/** Whether an operator follows. Leaves the scanner unmoved. */
function isCompared(s: Scanner): boolean {
  const from = s.pos
  s.blanks()
  const compared = s.peekSymbols() !== '' || WORD_OPERATORS.includes(s.word() ?? '')
  s.pos = from
  return compared
}
