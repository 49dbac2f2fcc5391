// Text to syntax tree: checks joined by and, or, not. Open parentheses are on an explicit stack, so no depth of nesting
// overflows the call stack. Trees deeper than MAX_DEPTH without their superfluous parentheses are rejected.
import { type Ast, type Condition, type Expr, joined } from './ast.js'
import { Scanner } from './lexer.js'
import { parseCheck } from './parse-check.js'
import { parseMacro } from './parse-macro.js'

/** maximum nesting of and, or and not */
export const MAX_DEPTH = 500
const MAX_LENGTH = 1 << 18

/** An open expression: in parentheses, or the whole filter. */
interface Frame {
  readonly open: number
  readonly ors: Depth[]
  ands: Depth[]
  negate: boolean
}
/** An expression and its nesting depth. */
interface Depth {
  readonly expr: Condition
  readonly depth: number
}

/** Parses a filter. Throws FilterError. */
export function parseFilter(text: string): Ast {
  return { text, root: parse(text, MAX_LENGTH, parseCheck) as Expr }
}

/** Parses a condition of at most `maxLength` characters, in which macro names may replace checks. Throws FilterError. */
export function parseCondition(text: string, maxLength: number): Condition {
  return parse(text, maxLength, (s) => parseMacro(s) ?? parseCheck(s))
}

function parse(text: string, maxLength: number, operand: (s: Scanner) => Condition): Condition {
  const s = new Scanner(text)
  if (text.length > maxLength) s.fail(`a filter has at most ${maxLength} characters, this one ${text.length}`, 0)
  s.blanks()
  if (s.done) s.fail('the filter is empty; expected a check such as proc.name=cat', 0)
  const stack: Frame[] = [frame(-1)]
  for (;;) {
    const top = stack[stack.length - 1] as Frame
    s.blanks()
    if (s.keyword('not')) top.negate = !top.negate
    else if (s.take('(')) stack.push(frame(s.pos - 1))
    else {
      addOperand(top, { expr: operand(s), depth: 1 })
      if (!afterOperand(s, stack)) return closed(s, stack[0] as Frame).expr
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

/** Reads what follows a complete operand: closing parentheses, then `and` or `or` (true), or the end (false). */
function afterOperand(s: Scanner, stack: Frame[]): boolean {
  for (;;) {
    s.blanks()
    const top = stack[stack.length - 1] as Frame
    if (s.done) {
      if (stack.length > 1) s.fail("this '(' is never closed", top.open)
      return false
    }
    if (s.take(')')) {
      if (stack.length === 1) s.fail("this ')' has no matching '('", s.pos - 1)
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
    s.fail(`expected 'and' or 'or'; write them in lower case`, from, length)
  if (word.startsWith('&') || word.startsWith('|')) s.fail("expected 'and' or 'or'", from, length)
  const c = s.peek()
  if (c === '=' || c === ',' || c === '"' || c === "'")
    s.fail(`unexpected ${c} after a value; quote the value if it is part of it`, from)
  s.fail("missing 'and' or 'or' between two checks", from, length)
}
