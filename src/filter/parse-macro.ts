// The name of a macro, where a check may stand.
import type { MacroRef } from './ast.js'
import type { Scanner } from './lexer.js'
import { WORD_OPERATORS } from './operators.js'

/** What may follow the name: a blank, a parenthesis, the end. Else it goes on as a field's or a transformer's does. */
const ENDS = /^[ \t\b\r\n)]?$/

/**
 * Parses the name of a macro from where the scanner stands; undefined, with the scanner still there, where something else
 * stands: a field, a transformer, a keyword, or a name that is compared as only fields are.
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

/** Whether an operator follows. Leaves the scanner where it stands. */
function isCompared(s: Scanner): boolean {
  const from = s.pos
  s.blanks()
  const compared = s.peekSymbols() !== '' || WORD_OPERATORS.includes(s.word() ?? '')
  s.pos = from
  return compared
}
