// Fields as types: the texts that denote a field, and the types of values. A wrong name is a compile-time error.
import type { FieldDef, FieldValue } from './field.js'
import type { Fields } from './index.js'

type Name = keyof Fields & string
type TakesArgument = { [K in Name]: Fields[K] extends { readonly arg: object } ? K : never }[Name]

/** The text of a field: its name, with an argument in brackets or after a dot if it takes one. */
export type FieldText = Name | `${TakesArgument}[${string}]` | `${TakesArgument}.${string}`

type ValueOf<D> = D extends FieldDef<infer T> ? T : FieldValue
type Spelled<F extends string> = {
  [K in TakesArgument]: F extends `${K}[${string}]` | `${K}.${string}` ? K : never
}[TakesArgument]

/** Arguments of events that are plain numbers wherever they occur. */
type NumberArgument = 'res' | 'fd' | 'size' | 'pos' | 'offset'

/** The type of a field's value, except for absent values. */
export type ValueOfField<F extends string> = string extends F
  ? FieldValue
  : F extends Name
    ? ValueOf<Fields[F]>
    : F extends `evt.rawarg.${infer A}` | `evt.rawarg[${infer A}]`
      ? A extends NumberArgument
        ? number
        : FieldValue
      : Spelled<F> extends infer K
        ? K extends Name
          ? ValueOf<Fields[K]>
          : FieldValue
        : FieldValue
