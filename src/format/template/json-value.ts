// What JSON has for an expression of a format, as a value: for who keeps it, and writes it later or in another way.
import type { FieldContext, Getter } from '../../fields/field.js'
import type { FieldRegistry } from '../../fields/registry.js'
import type { Event } from '../../model/event.js'
import { bytesText } from './appenders.js'
import { type Expression, parseExpression } from './expression.js'

export type JsonScalar = string | number | bigint | boolean
/** undefined: absent. A number is never NaN or without end, which JSON has no words for. */
export type JsonValue = JsonScalar | readonly JsonScalar[] | undefined

/** The expression whose value stands for this one in JSON; itself for most. */
export function inJson(x: Expression, registry: FieldRegistry): Expression {
  const instead = x.use?.def.json
  return instead === undefined ? x : parseExpression(instead, 0, registry).expression
}

/** The value that JSON has, which may be kept when the cursor has moved on. Buffers are the text that they are printed as. */
export function jsonValue(x: Expression, ctx: FieldContext, registry: FieldRegistry): (e: Event) => JsonValue {
  const get: Getter = inJson(x, registry).make(ctx)
  return (e) => {
    const v = get(e)
    if (v instanceof Uint8Array) return bytesText(v, ctx)
    if (typeof v === 'number') return Number.isFinite(v) ? v : undefined
    return Array.isArray(v) ? [...v] : (v as JsonValue)
  }
}
