// Filters of extreme size are compiled, or refused in a sentence; they never overflow the stack or hang.
import { expect, test } from 'vitest'
import { compileFilter } from '../../../src/filter/compile.js'
import { FilterError } from '../../../src/filter/error.js'
import { parseFilter } from '../../../src/filter/parser.js'
import { ctx, fields, made } from './world.js'

const compiled = (text: string) => compileFilter(text, fields, ctx)

test('10,000 parentheses around a check are accepted', () => {
  const text = `${'('.repeat(10000)}fd.num=1${')'.repeat(10000)}`
  expect(compiled(text).test(made({ 'fd.num': 1 }))).toBe(true)
})

test('10,000 open parentheses, and 10,000 closed ones, are refused', () => {
  expect(() => compiled('('.repeat(10000))).toThrow(FilterError)
  expect(() => compiled(`fd.num=1${')'.repeat(10000)}`)).toThrow(/has no matching '\('/)
})

test('10,000 negations are accepted', () => {
  expect(compiled(`${'not '.repeat(10000)}fd.num=1`).test(made({ 'fd.num': 1 }))).toBe(true)
  expect(compiled(`${'not ('.repeat(9999)}fd.num=1${')'.repeat(9999)}`).test(made({ 'fd.num': 1 }))).toBe(false)
})

test('realistic nesting is accepted, and deeper nesting is refused', () => {
  const nested = (n: number) => `${'(fd.num=1 and (fd.num=2 or '.repeat(n)}fd.num=3${'))'.repeat(n)}`
  expect(compiled(nested(200)).test(made({ 'fd.num': 1 }))).toBe(false)
  expect(compiled(nested(200)).test(made({ 'fd.num': 3 }))).toBe(false)
  expect(() => compiled(nested(5000))).toThrow(/nested more than/)
  expect(() => compiled(`${'not (fd.num=1 and '.repeat(10000)}fd.num=3${')'.repeat(10000)}`)).toThrow(/nested more/)
})

test('transformers that are nested too deep are refused', () => {
  const nested = (n: number) => `${'toupper('.repeat(n)}proc.name${')'.repeat(n)}=A`
  expect(compiled(nested(20)).test(made({ 'proc.name': 'a' }))).toBe(true)
  expect(() => compiled(nested(10000))).toThrow(/nested more than/)
})

test('100,000 characters of alternatives are accepted', () => {
  const same = Array.from({ length: 7000 }, (_, i) => `fd.num=${i}`).join(' or ')
  const mixed = Array.from({ length: 3500 }, (_, i) => `fd.num>${9000 + i} or proc.name contains n${i}`).join(' or ')
  const all = Array.from({ length: 7000 }, (_, i) => `fd.num!=${i}`).join(' and ')
  for (const text of [same, mixed, all]) expect(text.length).toBeGreaterThan(99000)
  expect(compiled(same).test(made({ 'fd.num': 6999 }))).toBe(true)
  expect(compiled(same).test(made({ 'fd.num': 7000 }))).toBe(false)
  expect(compiled(mixed).test(made({ 'fd.num': 1, 'proc.name': 'n3499' }))).toBe(true)
  expect(compiled(all).test(made({ 'fd.num': 7000 }))).toBe(true)
  expect(compiled(all).test(made({ 'fd.num': 6999 }))).toBe(false)
})

test('a list and a value of 100,000 characters are accepted', () => {
  const list = Array.from({ length: 20000 }, (_, i) => `n${i}`).join(',')
  expect(compiled(`proc.name in (${list})`).test(made({ 'proc.name': 'n19999' }))).toBe(true)
  expect(compiled(`proc.name="${'x'.repeat(100000)}"`).test(made({ 'proc.name': 'x' }))).toBe(false)
})

test('filters longer than any user writes are refused', () => {
  expect(() => parseFilter('x'.repeat(1 << 20))).toThrow(/at most/)
})

test('patterns that make backtracking matchers hang are matched in time', () => {
  const text = 'a'.repeat(5000)
  const event = made({ 'proc.name': text })
  expect(compiled(`proc.name glob "${'*a'.repeat(50)}b"`).test(event)).toBe(false)
  expect(compiled('proc.name regex "(a+)+b"').test(event)).toBe(false)
  expect(compiled(`proc.name regex "(a?){200}b"`).test(event)).toBe(false)
})

test('the text of a filter never becomes code', () => {
  const evil = '");globalThis.owned=1;("'
  const filter = compiled(`proc.name='${evil}' or fd.name glob '${evil}*' or evt.arg['${'x'}']='\${owned}'`)
  filter.test(made({ 'proc.name': 'x' }))
  expect(filter.source).not.toContain('owned')
  expect('owned' in globalThis).toBe(false)
})
