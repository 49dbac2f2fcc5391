// Text to syntax tree. Parentheses are kept on a stack of our own, so no depth of nesting overflows; what is still
// deeper than MAX_DEPTH when superfluous parentheses are gone is refused.

import type { Literal, Modifier } from './ast.js'
import {
  type Argument,
  type Ast,
  type Call,
  type Check,
  type Expr,
  type FieldRef,
  joined,
  type ListLiteral,
} from './ast.js'
import { Scanner } from './lexer.js'
import { OPERATORS, WORD_OPERATORS } from './operators.js'
import { didYouMean } from './suggest.js'
import { TRANSFORMERS } from './transformers.js'

const MAX_DEPTH = 500
const MAX_CALLS = 32
const MAX_LENGTH = 1 << 18

const SYMBOLS = ['=', '==', '!=', '<', '<=', '>', '>=']
const FOREIGN: Readonly<Record<string, string>> = {
  '===': "write '='",
  '<>': "write '!='",
  '=~': "write 'regex'",
  '~': "write 'contains' or 'regex'",
  '~=': "write 'contains' or 'regex'",
  like: "write 'contains' or 'glob'",
  matches: "write 'regex'",
  is: "write '='",
  eq: "write '='",
  ne: "write '!='",
  lt: "write '<'",
  gt: "write '>'",
}

/** What is open: an expression in parentheses, or the whole filter. */
interface Frame {
  readonly open: number
  readonly ors: Depth[]
  ands: Depth[]
  negate: boolean
}
/** An expression and how deep it is nested. */
interface Depth {
  readonly expr: Expr
  readonly depth: number
}

/** Parses a filter. Throws FilterError. */
export function parseFilter(text: string): Ast {
  const s = new Scanner(text)
  if (text.length > MAX_LENGTH) s.fail(`a filter has at most ${MAX_LENGTH} characters, this one ${text.length}`, 0)
  s.blanks()
  if (s.done) s.fail('the filter is empty; expected a check such as proc.name=cat', 0)
  const stack: Frame[] = [frame(-1)]
  for (;;) {
    const top = stack[stack.length - 1] as Frame
    s.blanks()
    if (s.keyword('not')) top.negate = !top.negate
    else if (s.take('(')) stack.push(frame(s.pos - 1))
    else {
      addOperand(top, { expr: parseCheck(s), depth: 1 })
      if (!afterOperand(s, stack)) return { text, root: closed(s, stack[0] as Frame).expr }
    }
  }
}

function frame(open: number): Frame {
  return { open, ors: [], ands: [], negate: false }
}

function addOperand(f: Frame, d: Depth): void {
  if (!f.negate) f.ands.push(d)
  else if (d.expr.kind === 'not') f.ands.push({ expr: d.expr.item, depth: d.depth - 1 })
  else f.ands.push({ expr: { kind: 'not', item: d.expr }, depth: d.depth + 1 })
  f.negate = false
}

function join(s: Scanner, kind: 'and' | 'or', items: readonly Depth[]): Depth {
  if (items.length === 1) return items[0] as Depth
  let depth = 0
  for (const i of items) depth = Math.max(depth, i.expr.kind === kind ? i.depth : i.depth + 1)
  if (depth > MAX_DEPTH) s.fail(`nested more than ${MAX_DEPTH} levels deep`)
  return {
    expr: joined(
      kind,
      items.map((i) => i.expr),
    ),
    depth,
  }
}

function closed(s: Scanner, f: Frame): Depth {
  return join(s, 'or', [...f.ors, join(s, 'and', f.ands)])
}

/** Reads what follows a complete operand: closing parentheses, then `and`, `or` (true) or the end (false). */
function afterOperand(s: Scanner, stack: Frame[]): boolean {
  for (;;) {
    s.blanks()
    const top = stack[stack.length - 1] as Frame
    if (s.done) {
      if (stack.length > 1) s.fail("this '(' is never closed", top.open)
      return false
    }
    if (s.take(')')) {
      if (stack.length === 1) s.fail("this ')' closes nothing", s.pos - 1)
      stack.pop()
      addOperand(stack[stack.length - 1] as Frame, closed(s, top))
    } else if (s.keyword('and')) return true
    else if (s.keyword('or')) {
      top.ors.push(join(s, 'and', top.ands))
      top.ands = []
      return true
    } else missingAnd(s)
  }
}

function missingAnd(s: Scanner): never {
  const from = s.pos
  const word = s.name() ?? s.peekSymbols()
  s.pos = from
  const length = Math.max(1, word.length)
  if (/^(and|or|not)$/i.test(word) && !/^(and|or|not)$/.test(word))
    s.fail(`expected 'and' or 'or'; they are written in lower case`, from, length)
  if (word.startsWith('&') || word.startsWith('|')) s.fail("expected 'and' or 'or'", from, length)
  const c = s.peek()
  if (c === '=' || c === ',' || c === '"' || c === "'")
    s.fail(`unexpected ${c} after a value; put the value in quotes when it belongs to it`, from)
  s.fail("missing 'and' or 'or' between two checks", from, length)
}

const MODIFIERS: readonly string[] = ['oneof', 'anyof', 'allof'] satisfies Modifier[]

const WANTED = 'expected a check such as proc.name=cat'

function parseCheck(s: Scanner): Check {
  const from = s.pos
  const left = parseLeft(s)
  const named = s.span(from)
  s.blanks()
  const opFrom = s.pos
  const op = parseOperator(s, left, named.pos)
  const opSpan = s.span(opFrom)
  const declared = OPERATORS.get(op) as NonNullable<ReturnType<typeof OPERATORS.get>>
  if (declared.right === 'none') return { kind: 'check', left, op, opSpan, span: s.span(from) }
  s.blanks()
  if (declared.right === 'list') {
    const right = s.peek() === '(' ? parseList(s) : parseRight(s, op, false)
    return { kind: 'check', left, op, opSpan, right, span: s.span(from) }
  }
  const modifier = parseModifier(s)
  const right = modifier === undefined ? parseRight(s, op, /^[<>]/.test(op)) : parseList(s)
  return { kind: 'check', left, op, opSpan, modifier, right, span: s.span(from) }
}

function parseLeft(s: Scanner): FieldRef | Call {
  const from = s.pos
  const name = s.name()
  if (name === undefined) {
    if (s.done) s.fail(`the filter ends where a check is missing; ${WANTED}`, Math.max(0, from - 1))
    const c = s.peek()
    if (c === ')') s.fail(`nothing stands before this ')'; ${WANTED}`, from)
    if (c === '"' || c === "'") s.fail(`${WANTED}, not a text in quotes`, from)
    if (c === '!') s.fail("'!' is written not, as in not proc.name=cat", from)
    s.fail(WANTED, from)
  }
  if (s.peek() === '(') return parseCall(s, name, from, 1)
  if (/^(and|or)$/.test(name)) s.fail(`'${name}' joins two checks; ${WANTED}`, from, name.length)
  if (!name.includes('.')) {
    const lower = /^(and|or|not)$/i.test(name) ? `; '${name.toLowerCase()}' is written in lower case` : ''
    s.fail(`'${name}' is not a field; ${WANTED}${lower}`, from, name.length)
  }
  const arg = s.bracket()
  return { kind: 'field', name, arg, span: s.span(from) }
}

function parseOperator(s: Scanner, left: FieldRef | Call, leftPos: number): string {
  const from = s.pos
  const run = s.peekSymbols()
  if (run !== '') {
    const foreign = FOREIGN[run]
    if (foreign !== undefined) s.fail(`unknown operator '${run}': ${foreign}`, from, run.length)
    for (const length of [2, 1]) {
      const op = run.slice(0, length)
      if (op.length === length && SYMBOLS.includes(op)) {
        s.pos += length
        return op
      }
    }
    s.fail(`unknown operator '${run}'; ${operatorList()}`, from, run.length)
  }
  const word = s.word()
  if (word === undefined || /^(and|or)$/.test(word)) {
    const what = left.kind === 'field' ? left.name : `${left.name}()`
    s.pos = from
    s.fail(`'${what}' is not compared with anything; ${operatorList()}`, leftPos, Math.max(1, left.span.len))
  }
  if (MODIFIERS.includes(word)) {
    const example = `proc.name = ${word} (cat, cp)`
    s.fail(`'${word}' stands behind an operator, as in ${example}`, from, word.length)
  }
  if (!WORD_OPERATORS.includes(word)) {
    const hint = FOREIGN[word] === undefined ? didYouMean(word, WORD_OPERATORS) : `: ${FOREIGN[word]}`
    s.fail(`unknown operator '${word}'${hint}; ${operatorList()}`, from, word.length)
  }
  return word
}

function operatorList(): string {
  return `operators are ${[...OPERATORS.keys()].join(' ')}`
}

function parseModifier(s: Scanner): Modifier | undefined {
  const from = s.pos
  const word = s.word()
  if (word !== undefined && MODIFIERS.includes(word)) {
    s.blanks()
    if (s.peek() === '(') return word as Modifier
  }
  s.pos = from
  return undefined
}

function parseRight(s: Scanner, op: string, numeric: boolean): Literal | FieldRef | Call {
  const from = s.pos
  const value = s.value(numeric)
  if (value === undefined) {
    if (s.done) s.fail(`the filter ends where the value of '${op}' is missing`, Math.max(0, from - 1))
    s.fail(`expected a value after '${op}'; values with = , ( ) quotes or blanks are put in quotes`, from)
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

function parseList(s: Scanner): ListLiteral {
  const from = s.pos
  s.take('(')
  const items: Literal[] = []
  s.blanks()
  if (s.take(')')) return { kind: 'list', items, span: s.span(from) }
  for (;;) {
    s.blanks()
    const item = s.value()
    if (item === undefined) s.fail(s.done ? "this '(' is never closed" : 'expected a value', s.done ? from : s.pos)
    items.push(item)
    s.blanks()
    if (s.take(')')) return { kind: 'list', items, span: s.span(from) }
    if (s.done) s.fail("this '(' is never closed", from)
    if (!s.take(',')) s.fail("expected ',' or ')' in the list", s.pos)
  }
}

/** A transformer's arguments, from its opening parenthesis on. */
function parseCall(s: Scanner, name: string, from: number, depth: number): Call {
  if (!TRANSFORMERS.has(name) && name !== 'val') {
    const known = [...TRANSFORMERS.keys(), 'val']
    s.fail(`unknown transformer '${name}'${didYouMean(name, known)}; known are ${known.join(' ')}`, from, name.length)
  }
  if (depth > MAX_CALLS) s.fail(`transformers are nested more than ${MAX_CALLS} levels deep`, from, name.length)
  const open = s.pos
  s.take('(')
  const args: Argument[] = []
  s.blanks()
  if (!s.take(')'))
    for (;;) {
      s.blanks()
      args.push(parseArgument(s, depth, open, true))
      s.blanks()
      if (s.take(')')) break
      if (s.done) s.fail("this '(' is never closed", open)
      if (!s.take(',')) s.fail("expected ',' or ')' after the argument", s.pos)
    }
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
    if (s.done) s.fail("this '(' is never closed", open)
    s.fail('expected a field, a transformer, a number or a text in quotes', from)
  }
  if (s.peek() === '(') return parseCall(s, name, from, depth + 1)
  if (!name.includes('.')) s.fail(`'${name}' is not a field; put texts in quotes`, from, name.length)
  return { kind: 'field', name, arg: s.bracket(), span: s.span(from) }
}

function parseArgumentList(s: Scanner, depth: number): ListLiteral<FieldRef | Call | Literal> {
  const from = s.pos
  s.take('(')
  const items: (FieldRef | Call | Literal)[] = []
  s.blanks()
  if (!s.take(')'))
    for (;;) {
      s.blanks()
      items.push(parseArgument(s, depth, from, false))
      s.blanks()
      if (s.take(')')) break
      if (s.done) s.fail("this '(' is never closed", from)
      if (!s.take(',')) s.fail("expected ',' or ')' in the list", s.pos)
    }
  return { kind: 'list', items, span: s.span(from) }
}
