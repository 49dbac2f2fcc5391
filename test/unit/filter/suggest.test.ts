// What was probably meant: the nearest valid name, if one is near enough.
import { expect, test } from 'vitest'
import { didYouMean, nearest } from '../../../src/filter/suggest.js'

test.each<[string, readonly string[], string | undefined]>([
  ['opne', ['close', 'open'], 'open'],
  ['OPEN', ['close', 'open'], 'open'],
  ['raed', ['road', 'read'], 'read'],
  ['close', ['closer', 'close', 'clos'], 'close'],
  ['proc.nam', ['proc.name', 'proc.pname'], 'proc.name'],
  ['proc.nmae', ['proc.pname', 'proc.name'], 'proc.name'],
  ['evt.tpye', ['evt.time', 'evt.type'], 'evt.type'],
  ['xyz', ['abc', 'open'], undefined],
  ['', ['abc'], undefined],
  ['open', [], undefined],
])('for %j of %j the suggestion is %s', (wrong, candidates, meant) => expect(nearest(wrong, candidates)).toBe(meant))

test('the shorter a name, the fewer errors are accepted', () => {
  expect(nearest('dup', ['dup2'])).toBe('dup2')
  expect(nearest('dup', ['dip2'])).toBeUndefined()
  expect(nearest('dups', ['dip2s'])).toBe('dip2s')
  expect(nearest('dups', ['dip23s'])).toBeUndefined()
  expect(nearest('abcdefghi', ['abcdefXYZ'])).toBe('abcdefXYZ')
  expect(nearest('abcdefgh', ['abcdeXYZ'])).toBeUndefined()
  expect(nearest('abcdefghijkl', ['abcdefghWXYZ'])).toBe('abcdefghWXYZ')
  expect(nearest('abcdefghijklmnopqr', ['abcdefghijklmVWXYZ'])).toBeUndefined()
})

test('of two equally near names the first one is suggested', () => {
  expect(nearest('reed', ['read', 'rend'])).toBe('read')
  expect(nearest('reed', ['rend', 'read'])).toBe('rend')
})

test('two exchanged letters are one error, also at the ends', () => {
  for (const wrong of ['bacdef', 'abdcef', 'abcdfe']) expect(nearest(wrong, ['axxdef', 'abcdef']), wrong).toBe('abcdef')
  expect(nearest('ba', ['ab'])).toBe('ab')
  expect(nearest('abc', ['bca'])).toBeUndefined()
})

test('one letter too many or too few, anywhere, is one error', () => {
  for (const wrong of ['xdup', 'dxup', 'dupx', 'up', 'dp', 'du']) expect(nearest(wrong, ['dup']), wrong).toBe('dup')
})

test('texts of very different length are not compared', () => {
  expect(nearest('a'.repeat(64), ['a'.repeat(64)])).toBe('a'.repeat(64))
  expect(nearest('a'.repeat(65), ['a'.repeat(64)])).toBeUndefined()
  expect(nearest('a'.repeat(64), ['a'.repeat(65)])).toBeUndefined()
})

test('a suggestion is in parentheses', () => {
  expect(didYouMean('opne', ['open'])).toBe(' (did you mean open?)')
  expect(didYouMean('xyz', ['open'])).toBe('')
})
