// What filters need from fields, and how a field reference in the syntax tree is resolved.
import type { FieldDef, FieldType } from '../fields/field.js'
import { FieldError } from '../fields/registry.js'
import type { FieldRef } from './ast.js'
import { FilterError } from './error.js'
import { didYouMean } from './suggest.js'

/** A field with its argument. */
export interface FieldUse {
  readonly text: string
  readonly name: string
  readonly arg: string | undefined
  readonly def: FieldDef
  /** type of the value with this argument */
  readonly type: FieldType
  /** several candidate values, as an array */
  readonly multi: boolean
  /** the kernel and files may have another value than the filter sees (planner-hints.ts) */
  readonly opaque?: true
}

/** Resolves fields by the text that names them (`find` throws FieldError). */
export interface FieldRegistry {
  find(text: string): FieldUse
  get(name: string): FieldDef | undefined
  names(): Iterable<string>
}

/** Resolves a field reference. Throws FilterError. */
export function resolveField(fields: FieldRegistry, ref: FieldRef, expression: string): FieldUse {
  const quote = ref.arg?.includes('"') === true ? "'" : '"'
  const text = ref.arg === undefined ? ref.name : `${ref.name}[${quote}${ref.arg}${quote}]`
  try {
    return fields.find(text)
  } catch (e) {
    if (!(e instanceof FieldError)) throw e
    const { pos, len } = ref.span
    if (e.unknown) {
      const message = `unknown field '${ref.name}'${didYouMean(ref.name, fields.names())}`
      const length = Math.min(len, ref.name.length)
      throw new FilterError(`${message}; ksys -l lists all fields`, pos, length, expression, true)
    }
    throw new FilterError(e.message, pos, len, expression)
  }
}
