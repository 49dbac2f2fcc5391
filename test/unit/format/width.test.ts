// The number of terminal cells that text occupies, whatever draws it.
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { cut, fit, skip, upTo, width } from '../../../src/format/text/width.js'

const FAMILY = '👩‍👩‍👧'

test.each([
  ['plain', 5],
  ['日本', 4],
  ['e\u0301te\u0301', 3],
  [FAMILY, 2],
] as const)('%s takes %d cells', (text, cells) => {
  expect(width(text)).toBe(cells)
  expect(upTo(text, cells)).toBe(text)
  expect(cut(text, cells - 1)).toMatch(/…$/)
  expect(width(fit(text, 10))).toBe(10)
  expect(skip(text, cells)).toBe('')
})

test('characters that are not measured one by one take as many cells as the others of their kind', () => {
  const characters = Array.from({ length: 0x600 }, (_, i) => String.fromCharCode(0x2000 + i))
  expect(characters.filter((c) => width(c) !== stringWidth(c))).toEqual([])
})

test('a visible character is never split', () => {
  expect(upTo(`a${FAMILY}b`, 2)).toBe('a')
  expect(upTo('e\u0301a', 1)).toBe('e\u0301')
  expect(upTo('日本', 3)).toBe('日')
  expect(upTo('日本', 0)).toBe('')
  expect(skip('日本', 1)).toBe(' 本')
})
