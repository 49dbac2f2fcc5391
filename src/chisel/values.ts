// The object that hooks receive: one property per field, read from the cursor when it is asked for.
import type { FieldContext } from '../fields/field.js'
import { registry } from '../fields/index.js'
import type { Event } from '../model/event.js'
import type { FieldsDef, Values } from './fields.js'

export interface ValueReader<F extends FieldsDef> {
  readonly values: Values<F>
  /** Makes `values` about the event under this cursor. */
  at(e: Event): void
}

/** Makes the object for one capture. Throws FieldError for a text that names no field. */
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
