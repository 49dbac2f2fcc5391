// The simplest possible evaluation of filters, which compiled filters are compared with.
import type { FieldValue } from '../../src/fields/field.js'
import type { Check, Expr, Literal } from '../../src/filter/ast.js'
import { eventDef } from '../../src/filter/events.js'
import { codeOf, type Made } from '../unit/filter/world.js'

type Item = string | number | bigint | boolean

function leftValue(c: Check, e: Made): FieldValue | undefined {
  if (c.left.kind !== 'field') throw new Error('only fields')
  const code = codeOf(e.type as string, e.enter)
  const def = eventDef(code)
  switch (c.left.name) {
    case 'evt.type':
      return def?.name
    case 'evt.dir':
      return code & 1 ? '<' : '>'
    case 'evt.category':
      return def?.category.startsWith('io_') ? e['evt.category'] : def?.category
    default:
      return e[c.left.arg === undefined ? c.left.name : `${c.left.name}[${c.left.arg}]`]
  }
}

function holds(op: string, a: Item, text: string): boolean {
  const b =
    typeof a === 'number'
      ? Number(text)
      : typeof a === 'bigint'
        ? BigInt(text)
        : typeof a === 'boolean'
          ? text === 'true'
          : text
  switch (op) {
    case '=':
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    case 'contains':
      return String(a).includes(text)
    case 'startswith':
      return String(a).startsWith(text)
    default:
      return String(a).endsWith(text)
  }
}

function one(op: string, value: FieldValue, text: string): boolean {
  if (!Array.isArray(value)) return holds(op, value as Item, text)
  const items = value as Item[]
  if (items.length === 0) return false
  return op === '!=' ? items.every((i) => holds(op, i, text)) : items.some((i) => holds(op, i, text))
}

/** Whether a filter passes an event. */
export function interpret(e: Expr, event: Made): boolean {
  if (e.kind === 'and') return e.items.every((i) => interpret(i, event))
  if (e.kind === 'or') return e.items.some((i) => interpret(i, event))
  if (e.kind === 'not') return !interpret(e.item, event)
  const value = leftValue(e, event)
  if (value === undefined) return false
  if (e.op === 'exists') return !Array.isArray(value) || value.length > 0
  const right = e.right as NonNullable<Check['right']>
  const texts = right.kind === 'list' ? right.items.map((i) => i.text) : [(right as Literal).text]
  if (e.op === 'in' || e.op === 'intersects') {
    const items: Item[] = Array.isArray(value) ? [...(value as Item[])] : [value as Item]
    const inSet = (i: Item) => texts.some((t) => holds('=', i, t))
    const isList = e.left.kind === 'field' && e.left.name === 'fd.types'
    return items.length > 0 && (isList && e.op === 'in' ? items.every(inSet) : items.some(inSet))
  }
  const hits = texts.filter((t) => one(e.op, value, t)).length
  if (e.modifier === 'allof') return hits > 0 && hits === texts.length
  return e.modifier === 'oneof' ? hits === 1 : hits > 0
}
