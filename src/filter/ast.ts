// The syntax tree of a filter, its normal form, and printing it as text. Normal form: an `and` contains no `and`, an
// `or` contains no `or`, both have at least two items, a `not` contains no `not`.

/** Position of a node in the text, in UTF-16 units. */
export interface Span {
  readonly pos: number
  readonly len: number
}

export interface Literal {
  readonly kind: 'literal'
  readonly text: string
  readonly quoted: boolean
  readonly span: Span
}
/** A field as written: the dotted name and the text in brackets. */
export interface FieldRef {
  readonly kind: 'field'
  readonly name: string
  readonly arg?: string
  readonly span: Span
}
export interface Call {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Argument[]
  readonly index?: string
  readonly span: Span
}
export interface ListLiteral<T = Literal> {
  readonly kind: 'list'
  readonly items: readonly T[]
  readonly span: Span
}
export type Argument = FieldRef | Call | Literal | ListLiteral<FieldRef | Call | Literal>
export type Modifier = 'oneof' | 'anyof' | 'allof'

export interface Check {
  readonly kind: 'check'
  readonly left: FieldRef | Call
  readonly op: string
  readonly opSpan: Span
  readonly modifier?: Modifier
  readonly right?: Literal | ListLiteral | FieldRef | Call
  readonly span: Span
}
/** The name of a macro, in place of a check. */
export interface MacroRef {
  readonly kind: 'macro'
  readonly name: string
  readonly span: Span
}
interface And<Leaf = Check> {
  readonly kind: 'and'
  readonly items: readonly Expr<Leaf>[]
}
interface Or<Leaf = Check> {
  readonly kind: 'or'
  readonly items: readonly Expr<Leaf>[]
}
interface Not<Leaf = Check> {
  readonly kind: 'not'
  readonly item: Expr<Leaf>
}
export type Expr<Leaf = Check> = And<Leaf> | Or<Leaf> | Not<Leaf> | Leaf
/** An expression whose macros are not expanded yet. */
export type Condition = Expr<Check | MacroRef>

export interface Ast {
  readonly text: string
  readonly root: Expr
}

/** Joins with `and` or `or`, in normal form. `items` is not empty. */
export function joined(kind: 'and' | 'or', items: readonly Expr[]): Expr
export function joined(kind: 'and' | 'or', items: readonly Condition[]): Condition
export function joined(kind: 'and' | 'or', items: readonly Condition[]): Condition {
  if (items.length === 1) return items[0] as Condition
  const flat: Condition[] = []
  for (const item of items) {
    if (item.kind === kind) for (const inner of item.items) flat.push(inner)
    else flat.push(item)
  }
  return { kind, items: flat }
}

/** Negates, in normal form. */
export function negated(item: Expr): Expr
export function negated(item: Condition): Condition
export function negated(item: Condition): Condition {
  return item.kind === 'not' ? item.item : { kind: 'not', item }
}

const BARE = /^[^()"'\s=,\x00-\x1f\x7f-\x9f\ud800-\udfff]+$/
const BARE_ARG = /^[^\][\\"'\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+$/

/** Prints a value so that it parses back to the same text. */
export function printValue(text: string, quoted = false): string {
  return !quoted && BARE.test(text) ? text : quote(text)
}

const ESCAPES: Record<string, string> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  '"': '\\"',
}

function quote(text: string): string {
  const body = text.replace(
    /[\x00-\x1f\\"\x7f]|(?<![\ud800-\udbff])[\udc80-\udcff]/g,
    (c) => ESCAPES[c] ?? `\\x${(c.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`,
  )
  return `"${body}"`
}

function printField(f: FieldRef): string {
  if (f.arg === undefined) return f.name
  return `${f.name}[${BARE_ARG.test(f.arg) ? f.arg : quote(f.arg)}]`
}

function printArgument(a: Argument): string {
  switch (a.kind) {
    case 'field':
      return printField(a)
    case 'call':
      return printCall(a)
    case 'literal':
      return a.quoted ? quote(a.text) : a.text
    case 'list':
      return `(${a.items.map(printArgument).join(', ')})`
  }
}

function printCall(c: Call): string {
  const index = c.index === undefined ? '' : `[${BARE_ARG.test(c.index) ? c.index : quote(c.index)}]`
  return `${c.name}(${c.args.map(printArgument).join(', ')})${index}`
}

function printCheck(c: Check): string {
  const left = c.left.kind === 'field' ? printField(c.left) : printCall(c.left)
  const word = /^[a-z]/.test(c.op) ? ` ${c.op} ` : c.op
  if (c.right === undefined) return `${left} ${c.op}`
  const modifier = c.modifier === undefined ? '' : `${word.endsWith(' ') ? '' : ' '}${c.modifier} `
  return `${left}${word}${modifier}${printRight(c.right)}`
}

function printRight(r: NonNullable<Check['right']>): string {
  switch (r.kind) {
    case 'literal':
      return printValue(r.text, r.quoted)
    case 'list':
      return `(${r.items.map((i) => printValue(i.text, i.quoted)).join(', ')})`
    case 'field':
      return `val(${printField(r)})`
    case 'call':
      return printCall(r)
  }
}

/** Prints a tree as a filter that parses to an equal tree. */
export function printExpr(e: Expr): string {
  switch (e.kind) {
    case 'check':
      return printCheck(e)
    case 'not':
      return `not ${e.item.kind === 'check' ? printCheck(e.item) : `(${printExpr(e.item)})`}`
    case 'and':
      return e.items.map((i) => (i.kind === 'or' ? `(${printExpr(i)})` : printExpr(i))).join(' and ')
    case 'or':
      return e.items.map(printExpr).join(' or ')
  }
}
