// What defineChisel checks for authors of chisels: values have the types of their fields, and wrong names are compile errors.
import { expectTypeOf, test } from 'vitest'
import { defineChisel } from '../../../src/chisel/index.js'

test('values and arguments have the types of their declarations', () => {
  defineChisel({
    description: 'x',
    category: 'Misc',
    args: {
      key: { type: 'field', doc: 'key' },
      top: { type: 'int', doc: 'rows', optional: true, default: 3 },
      name: { type: 'string', doc: 'name', optional: true },
    },
    fields: { name: 'proc.name', bytes: 'evt.rawarg.res', failed: 'evt.failed', up: 'proc.aname[2]' },
    hooks(c) {
      expectTypeOf(c.args.top).toEqualTypeOf<number>()
      expectTypeOf(c.args.name).toEqualTypeOf<string | undefined>()
      return {
        event(v) {
          expectTypeOf(v.name).toEqualTypeOf<string | undefined>()
          expectTypeOf(v.bytes).toEqualTypeOf<number | undefined>()
          expectTypeOf(v.failed).toEqualTypeOf<boolean | undefined>()
        },
      }
    },
  })
})

test('a wrong field name does not compile', () => {
  defineChisel({
    description: 'x',
    category: 'Misc',
    // @ts-expect-error there is no such field
    fields: { name: 'proc.nam' },
    hooks: () => ({}),
  })
})
