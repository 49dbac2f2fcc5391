// Parses one check of a filter: left side, operator, right side.
import type { Call, Check, FieldRef, Modifier } from './ast.js'
import type { Scanner } from './lexer.js'
import { OPERATORS, WORD_OPERATORS } from './operators.js'
import { parseCall, parseList, parseListOrName, parseRight } from './parse-value.js'
import { didYouMean } from './suggest.js'

const SYMBOLS = ['=', '==', '!=', '<', '<=', '>', '>=']
const OTHER_LANGUAGES: Readonly<Record<string, string>> = {
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

const MODIFIERS: readonly string[] = ['oneof', 'anyof', 'allof'] satisfies Modifier[]

const WANTED = 'expected a check such as proc.name=cat'

/** Parses one check at the scanner's position. Throws FilterError. */
export function parseCheck(s: Scanner): Check {
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
  const right = modifier === undefined ? parseRight(s, op, /^[<>]/.test(op)) : parseListOrName(s)
  return { kind: 'check', left, op, opSpan, modifier, right, span: s.span(from) }
}

function parseLeft(s: Scanner): FieldRef | Call {
  const from = s.pos
  const name = s.name()
  if (name === undefined) {
    if (s.done) s.fail(`the filter ends where a check is expected; ${WANTED}`, Math.max(0, from - 1))
    const c = s.peek()
    if (c === ')') s.fail(`nothing precedes this ')'; ${WANTED}`, from)
    if (c === '"' || c === "'") s.fail(`${WANTED}, not a quoted text`, from)
    if (c === '!') s.fail("write 'not' instead of '!', as in not proc.name=cat", from)
    s.fail(WANTED, from)
  }
  if (s.peek() === '(') return parseCall(s, name, from, 1)
  if (/^(and|or)$/.test(name)) s.fail(`'${name}' joins two checks; ${WANTED}`, from, name.length)
  if (!name.includes('.')) {
    const lower = /^(and|or|not)$/i.test(name) ? `; '${name.toLowerCase()}' must be lower case` : ''
    s.fail(`'${name}' is not a field; ${WANTED}${lower}`, from, name.length)
  }
  const arg = s.bracket()
  return { kind: 'field', name, arg, span: s.span(from) }
}

function parseOperator(s: Scanner, left: FieldRef | Call, leftPos: number): string {
  const from = s.pos
  const run = s.peekSymbols()
  if (run !== '') {
    const instead = OTHER_LANGUAGES[run]
    if (instead !== undefined) s.fail(`unknown operator '${run}': ${instead}`, from, run.length)
    for (const length of [2, 1]) {
      const op = run.slice(0, length)
      if (op.length === length && SYMBOLS.includes(op)) {
        s.pos += length
        return op
      }
    }
    s.fail(`unknown operator '${run}'; ${operatorList()}`, from, run.length)
  }
  const word = parseWordOperator(s)
  if (word === undefined || /^(and|or)$/.test(word)) {
    const what = left.kind === 'field' ? left.name : `${left.name}()`
    s.pos = from
    s.fail(`'${what}' is not compared with anything; ${operatorList()}`, leftPos, Math.max(1, left.span.len))
  }
  if (MODIFIERS.includes(word)) {
    const example = `proc.name = ${word} (cat, cp)`
    s.fail(`'${word}' must follow an operator, as in ${example}`, from, word.length)
  }
  if (!WORD_OPERATORS.includes(word)) {
    const hint = OTHER_LANGUAGES[word] === undefined ? didYouMean(word, WORD_OPERATORS) : `: ${OTHER_LANGUAGES[word]}`
    s.fail(`unknown operator '${word}'${hint}; ${operatorList()}`, from, word.length)
  }
  return word
}

/** A word in the place of an operator. `exists` has no right side, so `and` and `or` may follow without a blank, as in libs. */
function parseWordOperator(s: Scanner): string | undefined {
  const from = s.pos
  const word = s.word()
  const joined = /^(exists)(?:and|or)$/.exec(word ?? '')?.[1]
  if (joined !== undefined) s.pos = from + joined.length
  return joined ?? word
}

function operatorList(): string {
  return `operators are ${[...OPERATORS.keys()].join(' ')}`
}

/** A modifier, if a list or the name of one follows. */
function parseModifier(s: Scanner): Modifier | undefined {
  const from = s.pos
  const word = s.word()
  if (word !== undefined && MODIFIERS.includes(word)) {
    s.blanks()
    const list = s.pos
    const name = s.word()
    s.pos = list
    if (s.peek() === '(' || (name !== undefined && !/^(and|or)$/.test(name))) return word as Modifier
  }
  s.pos = from
  return undefined
}
