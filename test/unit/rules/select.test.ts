// Which rules are active: enabled and disabled by name, pattern and tag, in order, and by priority.
import { expect, test } from 'vitest'
import { parsePriority } from '../../../src/rules/rule.js'
import { atLeast, select, selectionOf, unmatched } from '../../../src/rules/select.js'
import { load, rule } from './load/texts.js'

const { rules } = load(
  [
    rule('evt.type=open', '  tags: [files, host]\n', 'Read a key'),
    rule('evt.type=open', '  tags: [files]\n  enabled: false\n', 'Read a lock'),
    rule('evt.type=open', '', 'Write [x]').replace('Debug', 'Error'),
  ].join(''),
)
const on = (...selections: Parameters<typeof select>[1]) =>
  select(rules, selections)
    .filter((r) => r.enabled)
    .map((r) => r.name)
const off = (word: string) => selectionOf(word, false)
const enable = (word: string) => selectionOf(word, true)

test('without selections rules are enabled as in their files', () => {
  expect(on()).toEqual(['Read a key', 'Write [x]'])
})

test('rules are selected by name, by pattern, by tag', () => {
  expect(on(off('Read a key'))).toEqual(['Write [x]'])
  expect(on(enable('Read*'))).toEqual(['Read a key', 'Read a lock', 'Write [x]'])
  expect(on(off('*a*k*'))).toEqual(['Write [x]'])
  expect(on(off('*[x]'))).toEqual(['Read a key'])
  expect(on(enable('tag=files'))).toEqual(['Read a key', 'Read a lock', 'Write [x]'])
})

test('a part of a name does not match, and a pattern does not use a letter twice', () => {
  expect(on(off('Read'))).toEqual(on())
  expect(on(off('Read a key*key'))).toEqual(on())
  expect(on(off('Read a k*key'))).toEqual(on())
  expect(on(off('Read a k*ey'))).toEqual(['Write [x]'])
})

test('later selections take precedence', () => {
  expect(on(off('*'), enable('tag=host'))).toEqual(['Read a key'])
  expect(on(enable('tag=host'), off('*'))).toEqual([])
})

test('a selection without a matching rule is reported, with similar names', () => {
  expect(unmatched(rules, [off('Read a kee'), enable('tag=file'), off('*')])).toEqual([
    "no rule 'Read a kee' (did you mean Read a key?)",
    "no rule has the tag 'file' (did you mean files?)",
  ])
})

test('rules below the minimum priority are disabled', () => {
  expect(atLeast(rules, 'Error').map((r) => r.name)).toEqual(['Write [x]'])
  expect(atLeast(rules, 'Debug')).toHaveLength(3)
})

test('priorities may be in any case, and INFO is accepted', () => {
  expect(['info', 'INFORMATIONAL', 'wArNiNg', 'debug'].map(parsePriority)).toEqual([
    'Informational',
    'Informational',
    'Warning',
    'Debug',
  ])
  expect(parsePriority('warn')).toBeUndefined()
})
