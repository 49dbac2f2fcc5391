// Conditions of rules: filters in which names of macros are allowed in place of checks.
import { expect, test } from 'vitest'
import { FilterError } from '../../../src/filter/error.js'
import { parseCondition, parseFilter } from '../../../src/filter/parser.js'

const parse = (text: string) => parseCondition(text, 1000)
function mistake(text: string): string {
  try {
    parse(text)
  } catch (e) {
    if (e instanceof FilterError) return `${e.position}: ${e.message}`
    throw e
  }
  return 'none'
}

test('the name of a macro is allowed in place of a check', () => {
  expect(parse('opened')).toEqual({ kind: 'macro', name: 'opened', span: { pos: 0, len: 6 } })
  expect(parse('not a and (b or c_2)')).toMatchObject({
    kind: 'and',
    items: [
      { kind: 'not', item: { kind: 'macro', name: 'a' } },
      { kind: 'or', items: [{ name: 'b' }, { name: 'c_2', span: { pos: 16, len: 3 } }] },
    ],
  })
  expect(parse('(a)or(b)')).toMatchObject({ kind: 'or', items: [{ name: 'a' }, { name: 'b' }] })
})

test('a word that begins like a name may be a field, a transformer or a keyword', () => {
  expect(parse('a and proc.name=a')).toMatchObject({ items: [{ kind: 'macro' }, { kind: 'check' }] })
  expect(parse('a and toupper(proc.name)=A')).toMatchObject({ items: [{ kind: 'macro' }, { kind: 'check' }] })
  expect(parse('not nota and android')).toMatchObject({ items: [{ item: { name: 'nota' } }, { name: 'android' }] })
})

test('the name of a macro cannot be compared', () => {
  for (const text of ['name=cat', 'name = cat', 'name in (a)', 'name exists', 'name>3'])
    expect(mistake(text), text).toMatch(/^0: 'name' is not a field/)
})

test('names of macros are allowed between and, or, not and parentheses only', () => {
  expect(mistake('a b')).toMatch(/^2: missing 'and' or 'or'/)
  expect(mistake('a or')).toMatch(/the filter ends/)
  expect(mistake('AND')).toMatch(/must be lower case/)
  expect(mistake('a-b')).toMatch(/^0: 'a' is not a field/)
})

test('filters cannot use macros', () => {
  expect(() => parseFilter('opened')).toThrow(/'opened' is not a field/)
})
