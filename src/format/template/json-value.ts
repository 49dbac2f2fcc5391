// The JSON value of an expression, for users that keep it and write it later or in another format.
import type { FieldContext, Getter } from '../../fields/field.js'
import type { FieldRegistry } from '../../fields/registry.js'
import type { Event } from '../../model/event.js'
import { bytesText } from './appenders.js'
import { type Expression, parseExpression } from './expression.js'

export type JsonScalar = string | number | bigint | boolean
/** undefined: absent. A number is never NaN or infinite, which JSON cannot represent. */
export type JsonValue = JsonScalar | readonly JsonScalar[] | undefined

/** The expression whose value replaces this one in JSON; usually itself. */
export function inJson(x: Expression, registry: FieldRegistry): Expression {
  const instead = x.use?.def.json
  return instead === undefined ? x : parseExpression(instead, 0, registry).expression
}

/** The JSON value, which stays valid when the cursor moves on. Buffers are the text that they are printed as. */
export function jsonValue(x: Expression, ctx: FieldContext, registry: FieldRegistry): (e: Event) => JsonValue {
  const get: Getter = inJson(x, registry).make(ctx)
  return (e) => {
    const v = get(e)
    if (v instanceof Uint8Array) return bytesText(v, ctx)
    if (typeof v === 'number') return Number.isFinite(v) ? v : undefined
    return Array.isArray(v) ? [...v] : (v as JsonValue)
  }
}
