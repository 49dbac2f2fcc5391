// Values of a filter: literals, lists, fields in val(), transformers and their arguments.
import type { Argument, Call, FieldRef, ListLiteral, Literal } from './ast.js'
import type { Scanner } from './lexer.js'
import { didYouMean } from './suggest.js'
import { TRANSFORMERS } from './transformers.js'

const MAX_CALLS = 32
const NEVER_CLOSED = "this '(' is never closed"

/** The right side of an operator. `numeric`: a number may be followed by the next word without a blank. */
export function parseRight(s: Scanner, op: string, numeric: boolean): Literal | FieldRef | Call {
  const from = s.pos
  const value = s.value(numeric)
  if (value === undefined) {
    if (s.done) s.fail(`the filter ends where the value of '${op}' is expected`, Math.max(0, from - 1))
    s.fail(`expected a value after '${op}'; quote values that contain = , ( ) quotes or blanks`, from)
  }
  if (s.peek() !== '(' || value.quoted) return value
  if (value.text === 'val') {
    const open = s.pos++
    s.blanks()
    const field = parseFieldRef(s)
    s.blanks()
    if (!s.take(')')) s.fail("expected ')' after the field", s.done ? open : s.pos)
    return { ...field, span: s.span(from) }
  }
  return parseCall(s, value.text, from, 1)
}

function parseFieldRef(s: Scanner): FieldRef {
  const from = s.pos
  const name = s.name()
  if (name === undefined || !name.includes('.')) s.fail('expected a field, such as proc.name', from, name?.length ?? 1)
  return { kind: 'field', name, arg: s.bracket(), span: s.span(from) }
}

/** Values in parentheses. */
export function parseList(s: Scanner): ListLiteral {
  const from = s.pos
  s.take('(')
  const items = parseItems(s, from, 'in the list', () => {
    const item = s.value()
    if (item === undefined) s.fail(s.done ? NEVER_CLOSED : 'expected a value', s.done ? from : s.pos)
    return item
  })
  return { kind: 'list', items, span: s.span(from) }
}

/** Values in parentheses, or the name of a list of rules: a list with that word. */
export function parseListOrName(s: Scanner): ListLiteral {
  if (s.peek() === '(') return parseList(s)
  const from = s.pos
  const text = s.word()
  const span = s.span(from)
  if (text === undefined) s.fail('expected a list, such as (cat, cp)', from)
  return { kind: 'list', items: [{ kind: 'literal', text, quoted: false, span }], span }
}

/** Comma-separated items up to the closing parenthesis; the opening one, at `open`, is already consumed. */
function parseItems<T>(s: Scanner, open: number, where: string, parse: () => T): T[] {
  const items: T[] = []
  s.blanks()
  if (s.take(')')) return items
  for (;;) {
    s.blanks()
    items.push(parse())
    s.blanks()
    if (s.take(')')) return items
    if (s.done) s.fail(NEVER_CLOSED, open)
    if (!s.take(',')) s.fail(`expected ',' or ')' ${where}`, s.pos)
  }
}

/** A transformer's arguments, starting at its opening parenthesis. */
export function parseCall(s: Scanner, name: string, from: number, depth: number): Call {
  if (!TRANSFORMERS.has(name) && name !== 'val') {
    const known = [...TRANSFORMERS.keys(), 'val']
    s.fail(`unknown transformer '${name}'${didYouMean(name, known)}; known are ${known.join(' ')}`, from, name.length)
  }
  if (depth > MAX_CALLS) s.fail(`transformers are nested more than ${MAX_CALLS} levels deep`, from, name.length)
  const open = s.pos
  s.take('(')
  const args = parseItems(s, open, 'after the argument', () => parseArgument(s, depth, open, true))
  return { kind: 'call', name, args, index: s.bracket(), span: s.span(from) }
}

function parseArgument(s: Scanner, depth: number, open: number, lists: true): Argument
function parseArgument(s: Scanner, depth: number, open: number, lists: false): FieldRef | Call | Literal
function parseArgument(s: Scanner, depth: number, open: number, lists: boolean): Argument {
  const from = s.pos
  const c = s.peek()
  if (c === '"' || c === "'" || /[0-9+-]/.test(c)) return s.value() as Literal
  if (c === '(' && lists) return parseArgumentList(s, depth)
  const name = s.name()
  if (name === undefined) {
    if (s.done) s.fail(NEVER_CLOSED, open)
    s.fail('expected a field, a transformer, a number or a quoted text', from)
  }
  if (s.peek() === '(') return parseCall(s, name, from, depth + 1)
  if (!name.includes('.')) s.fail(`'${name}' is not a field; put texts in quotes`, from, name.length)
  return { kind: 'field', name, arg: s.bracket(), span: s.span(from) }
}

function parseArgumentList(s: Scanner, depth: number): ListLiteral<FieldRef | Call | Literal> {
  const from = s.pos
  s.take('(')
  const items = parseItems(s, from, 'in the list', () => parseArgument(s, depth, from, false))
  return { kind: 'list', items, span: s.span(from) }
}
