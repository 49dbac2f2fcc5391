// The expression after a % in a format: a field, or transformers around fields and texts. Parses it and determines its
// type.
import { type FieldContext, type FieldType, type FieldValue, type Getter, isOperand } from '../../fields/field.js'
import { FieldError, type FieldRegistry, type FieldUse, wordsOf } from '../../fields/registry.js'
import { FilterError } from '../../filter/error.js'
import { kindOf } from '../../filter/literals.js'
import { didYouMean } from '../../filter/suggest.js'
import { TRANSFORMERS, type ValueType } from '../../filter/transformers.js'

/** An error in a format; shown like one in a filter. */
export class FormatError extends FilterError {
  override format(): string {
    return super.format().replace(/^filter: /, 'format: ')
  }
}

/** A value in a format. */
export interface Expression {
  /** as written: the key in JSON */
  readonly text: string
  readonly type: FieldType
  /** the value is an array: a list, or several candidates */
  readonly list: boolean
  /** set if the expression is a single field */
  readonly use: FieldUse | undefined
  readonly fields: readonly string[]
  readonly make: (ctx: FieldContext) => Getter
}

interface Parsed {
  readonly expression: Expression
  readonly end: number
}

const CALL = /([A-Za-z][A-Za-z0-9_]*)\(/y
const BLANKS = /\s*/y
const NUMBER = /[+-]?\d+(?:\.\d+)?/y
const DEEPEST = 16

/** Parses the expression at offset `at`. Throws FormatError. */
export function parseExpression(text: string, at: number, registry: FieldRegistry, depth = 0): Parsed {
  CALL.lastIndex = at
  const name = CALL.exec(text)?.[1]
  return name === undefined ? fieldAt(text, at, registry) : callAt(text, at, name, registry, depth)
}

function fieldAt(text: string, at: number, registry: FieldRegistry): Parsed {
  try {
    const { use, end } = registry.match(text, at, true)
    if (use.def.print === false) throw new FormatError(`field ${use.name} is for filters only`, at, end - at, text)
    const make = (ctx: FieldContext) => use.def.make(ctx, use.arg)
    const list = use.multi || use.def.list === true
    return { expression: { text: use.text, type: use.type, list, use, fields: [use.text], make }, end }
  } catch (e) {
    if (!(e instanceof FieldError)) throw e
    const word = /^[A-Za-z0-9_.]*/.exec(text.slice(at))?.[0] ?? ''
    if (!e.unknown) throw new FormatError(e.message, e.at, 1, text)
    if (word === '') throw new FormatError('expected a field after %; a percent sign is written %%', at - 1, 1, text)
    const wanted = word.replace(/\.+$/, '')
    const hint = didYouMean(wanted, registry.names())
    throw new FormatError(`unknown field '${wanted}'${hint}; ksys -l lists all fields`, at, wanted.length, text, true)
  }
}

function callAt(text: string, at: number, name: string, registry: FieldRegistry, depth: number): Parsed {
  const transformer = TRANSFORMERS.get(name)
  if (transformer === undefined && name !== 'val') {
    const known = [...TRANSFORMERS.keys()]
    throw new FormatError(`unknown transformer '${name}'${didYouMean(name, known)}`, at, name.length, text)
  }
  if (depth >= DEEPEST) throw tooDeep(text, at)
  const { items, end } = itemsAt(text, at + name.length + 1, registry, depth)
  const args = items.map((arg, i) => (i === transformer?.list ? asList(arg) : arg))
  let pos = end
  let index: string | undefined
  if (transformer?.index === true && text[pos] === '[') {
    const close = text.indexOf(']', pos)
    if (close < 0) throw new FormatError("this '[' is never closed", pos, 1, text)
    index = text.slice(pos + 1, close)
    pos = close + 1
  }
  const written = text.slice(at, pos)
  const fields = args.flatMap((a) => a.fields)
  if (transformer === undefined) {
    if (args.length !== 1) throw new FormatError('val() takes one field', at, written.length, text)
    return { expression: { ...(args[0] as Expression), text: written }, end: pos }
  }
  const [least, most] = transformer.args
  if (args.length < least || args.length > most)
    throw new FormatError(
      `${name}() takes ${least === most ? least : `${least} or more`} arguments`,
      at,
      written.length,
      text,
    )
  const types = args.map((a): ValueType => ({ kind: kindOf(a.type), list: a.list }))
  const refused = args.find((a) => a.use !== undefined && !isOperand(a.use.def))
  if (refused !== undefined) throw new FormatError(`${refused.text} cannot be transformed`, at, written.length, text)
  const type = transformer.type(types, index)
  if (typeof type === 'string') throw new FormatError(type, at, written.length, text)
  const f = transformer.make(types, index)
  const make = (ctx: FieldContext): Getter => {
    const getters = args.map((a) => a.make(ctx))
    const [a, b] = getters as [Getter, Getter | undefined]
    if (transformer.reduces === true)
      return (e) => getters.slice(1).reduce((left, g) => f(left, g(e)), a(e) as FieldValue | undefined)
    return b === undefined ? (e) => f(a(e)) : (e) => f(a(e), b(e))
  }
  const result: FieldType = type.kind === 'number' ? 'uint64' : type.kind === 'bytes' ? 'bytebuf' : 'string'
  return { expression: { text: written, type: result, list: type.list, use: undefined, fields, make }, end: pos }
}

/** Comma-separated arguments after an opening parenthesis, up to the closing one. */
function itemsAt(
  text: string,
  from: number,
  registry: FieldRegistry,
  depth: number,
): { items: Expression[]; end: number } {
  const items: Expression[] = []
  let at = skip(text, from)
  while (text[at] !== ')') {
    const item = argumentAt(text, at, registry, depth)
    items.push(item.expression)
    at = skip(text, item.end)
    if (text[at] === ',') at = skip(text, at + 1)
    else if (text[at] !== ')') throw new FormatError("expected ',' or ')' after the argument", at, 1, text)
  }
  return { items, end: at + 1 }
}

/** A written list: texts and numbers, as texts; absent if one of them is. */
function listAt(text: string, at: number, registry: FieldRegistry, depth: number): Parsed {
  if (depth >= DEEPEST) throw tooDeep(text, at)
  const { items, end } = itemsAt(text, at + 1, registry, depth)
  const odd = items.find((i) => i.list || !['string', 'number'].includes(kindOf(i.type)))
  if (odd !== undefined) throw new FormatError(`a list contains texts and numbers, not ${odd.text}`, at, end - at, text)
  const make = (ctx: FieldContext): Getter => {
    const getters = items.map((i) => i.make(ctx))
    return (e) => {
      const values = getters.map((g) => g(e))
      return values.includes(undefined) ? undefined : values.map(String)
    }
  }
  const fields = items.flatMap((i) => i.fields)
  return { expression: { text: text.slice(at, end), type: 'string', list: true, use: undefined, fields, make }, end }
}

/** A field that offers its words separately becomes the list of them. */
function asList(e: Expression): Expression {
  const use = e.use === undefined ? undefined : wordsOf(e.use)
  return use === undefined ? e : { ...e, use, list: true, make: (ctx) => use.def.make(ctx, undefined) }
}

function argumentAt(text: string, at: number, registry: FieldRegistry, depth: number): Parsed {
  const c = text[at]
  if (c === undefined) throw new FormatError("this '(' is never closed", text.length - 1, 1, text)
  if (c === '"' || c === "'") {
    const close = text.indexOf(c, at + 1)
    if (close < 0) throw new FormatError(`this ${c} is never closed`, at, 1, text)
    return { expression: constant(text.slice(at + 1, close), text.slice(at, close + 1)), end: close + 1 }
  }
  if (c === '(') return listAt(text, at, registry, depth + 1)
  NUMBER.lastIndex = at
  const number = NUMBER.exec(text)?.[0]
  if (number !== undefined) return { expression: constant(number, number), end: at + number.length }
  return parseExpression(text, at, registry, depth + 1)
}

const tooDeep = (text: string, at: number) =>
  new FormatError(`transformers are nested more than ${DEEPEST} levels deep`, at, 1, text)

const constant = (value: string, text: string): Expression => ({
  text,
  type: 'string',
  list: false,
  use: undefined,
  fields: [],
  make: () => () => value,
})

function skip(text: string, at: number): number {
  BLANKS.lastIndex = at
  BLANKS.exec(text)
  return BLANKS.lastIndex
}
