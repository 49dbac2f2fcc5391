// The values that hooks receive: an object with one property per field, which is read from the cursor on access.
import type { FieldContext } from '../fields/field.js'
import { registry } from '../fields/index.js'
import type { FieldText, ValueOfField } from '../fields/typed.js'
import type { Event } from '../model/event.js'

/** Fields by the names that a chisel gives them. */
export type FieldsDef = Readonly<Record<string, FieldText>>

/**
 * The values of the fields for the current event, thread or descriptor. They are read on access and valid during the call.
 * The object is reused.
 */
export type Values<F extends FieldsDef> = { readonly [K in keyof F]: ValueOfField<F[K]> | undefined }

export interface ValueReader<F extends FieldsDef> {
  readonly values: Values<F>
  /** Makes `values` read from this cursor. */
  at(e: Event): void
}

/** Creates the object for one capture. Throws FieldError for an unknown field. */
export function valueReader<F extends FieldsDef>(fields: F, ctx: FieldContext): ValueReader<F> {
  let cursor: Event
  const values = {}
  for (const [name, text] of Object.entries(fields)) {
    const use = registry.find(text)
    const get = use.def.make(ctx, use.arg)
    Object.defineProperty(values, name, { get: () => get(cursor), enumerable: true })
  }
  return {
    values: values as Values<F>,
    at(e) {
      cursor = e
    },
  }
}
