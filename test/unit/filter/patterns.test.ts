// Shell patterns, character by character, as fnmatch(3) without flags matches them.
import { expect, test } from 'vitest'
import { globTest, isGlob } from '../../../src/filter/glob.js'
import { pathSetTest } from '../../../src/filter/pathset.js'

test.each<[pattern: string, yes: readonly string[], no: readonly string[]]>([
  ['', [''], ['a']],
  ['abc', ['abc'], ['ab', 'abcd', 'xabc', 'ABC']],
  ['*', ['', 'a', '/a/b', '😀'], []],
  ['**', ['', 'abc'], []],
  ['a*', ['a', 'abc'], ['', 'ba']],
  ['*a', ['a', 'bca'], ['', 'ab']],
  ['*ab*', ['ab', 'xaby'], ['a', 'axb']],
  ['a*b*c', ['abc', 'axxbyyc', 'abcbc'], ['ab', 'acb', 'abcx']],
  ['a**c', ['ac', 'abc'], ['a']],
  ['*.so.?', ['libc.so.6', '.so.1'], ['libc.so.', 'libc.so.66']],
  ['?', ['a', 'é', '😀'], ['', 'ab']],
  ['??', ['ab', '😀b'], ['😀', 'a', 'abc']],
  ['a?c', ['abc', 'a😀c'], ['ac', 'abbc']],
  ['[abc]', ['a', 'c'], ['d', '', 'ab']],
  ['[a-c]', ['a', 'b', 'c'], ['d', 'A', '-']],
  ['[b-]', ['b', '-'], ['a', 'c']],
  ['[-b]', ['b', '-'], ['a', ']']],
  ['[!a-c]', ['d', '!'], ['a', '']],
  ['[^a-c]', ['d', '^'], ['b']],
  ['[]a]', [']', 'a'], ['b', '[]a]']],
  ['[!]a]', ['b'], [']', 'a']],
  ['[a^]', ['a', '^'], ['b']],
  ['[a\\]b]', ['a', ']', 'b'], ['\\', 'c']],
  ['[\\-a]', ['-', 'a'], ['\\']],
  ['[a-\\c]', ['a', 'b', 'c'], ['\\', 'd']],
  ['[\\a-c]', ['b'], ['\\']],
  ['[a-c-e]', ['b', '-', 'e'], ['d']],
  ['[c-a]', [], ['a', 'b', 'c']],
  ['[😀-😂]x', ['😁x'], ['😃x', 'x']],
  ['[é]', ['é'], ['e']],
  ['[a', ['[a'], ['a']],
  ['x[', ['x['], ['x']],
  ['[]', ['[]'], [']', '']],
  ['[!', ['[!'], ['x']],
  ['a\\*', ['a*'], ['ab', 'a\\*']],
  ['\\?', ['?'], ['a', '\\?']],
  ['\\[a]', ['[a]'], ['a']],
  ['a\\\\b', ['a\\b'], ['ab']],
  ['a\\', ['a\\'], ['a']],
  ['[[:digit:]]', ['0', '9'], ['a', '٣', ':']],
  ['[[:alpha:]]', ['a', 'Z', 'é'], ['1', '_', ':']],
  ['[[:alnum:]]', ['a', '5', 'é'], ['_', '-']],
  ['[[:upper:]]', ['A', 'É'], ['a', '1']],
  ['[[:lower:]]', ['a', 'é'], ['A', '1']],
  ['[[:space:]]', [' ', '\t', '\n'], ['a', '\u2003']],
  ['[[:blank:]]', [' ', '\t'], ['\n']],
  ['[[:punct:]]', ['!', '/', ':', '@', '[', '`', '{', '~'], ['a', '0', ' ', '\x7f']],
  ['[[:print:]]', [' ', '~', 'a'], ['\x1f', '\x7f']],
  ['[[:graph:]]', ['!', '~', 'a'], [' ', '\x7f']],
  ['[[:cntrl:]]', ['\0', '\x1f', '\x7f'], [' ', 'a', '\x80']],
  ['[[:xdigit:]]', ['0', 'f', 'F'], ['g', 'G']],
  ['[![:digit:]]', ['a'], ['1']],
  ['[[:digit:]a-c]', ['1', 'b'], ['d']],
  ['[x[:digit:]]', ['x', '1'], ['[', ':']],
  ['[[:nosuch:]]', ['[]', ':]', 'n]'], ['n', '1']],
  ['[[:digit]', ['[', ':', 'd', 't'], ['1']],
  ['[[:]', ['[', ':'], ['a', ']']],
  ['[a:]', ['a', ':'], ['[']],
])('%s', (pattern, yes, no) => {
  for (const text of yes) expect(globTest(pattern)(text), `passes ${text}`).toBe(true)
  for (const text of no) expect(globTest(pattern)(text), `refuses ${text}`).toBe(false)
})

test.each<[pattern: string, yes: readonly string[], no: readonly string[]]>([
  ['AbC', ['abc', 'ABC'], ['abd', 'ab']],
  ['*.LOG', ['x.log', 'x.Log'], ['x.txt']],
  ['*MID*', ['amidb'], ['amdb']],
  ['PRE*', ['prefix'], ['xpre']],
  ['[A-C]x', ['bX', 'Bx'], ['dx']],
  ['[a-c]x', ['BX'], ['DX']],
  ['[!a-c]', ['d'], ['B', 'b']],
  ['É', ['é'], ['e']],
  ['a?C', ['A😀c'], ['A😀b']],
])('%s matches without regard to case', (pattern, yes, no) => {
  for (const text of yes) expect(globTest(pattern, true)(text), `passes ${text}`).toBe(true)
  for (const text of no) expect(globTest(pattern, true)(text), `refuses ${text}`).toBe(false)
})

test('a text without special characters is not a pattern', () => {
  for (const text of ['a*', '?', '[a', 'a\\b']) expect(isGlob(text), text).toBe(true)
  for (const text of ['', 'abc', 'a]', '/etc/passwd', '{a,b}']) expect(isGlob(text), text).toBe(false)
})

test.each<[prefixes: readonly string[], yes: readonly string[], no: readonly string[]]>([
  [['/etc'], ['/etc', '/etc/', '/etc/x/y'], ['/etcx', '/', '/x/etc', '']],
  [
    ['/usr/lib', '/etc'],
    ['/usr/lib/x', '/etc'],
    ['/usr', '/usr/libexec'],
  ],
  [['/'], ['/', '/x', '/x/y', 'x'], []],
  [['etc'], ['etc', 'etc/x', '/etc'], ['/x/etc', 'x/etc']],
  [['/etc/'], ['/etc', '/etc/x'], ['/etcx']],
  [['/home/*/.ssh'], ['/home/bob/.ssh', '/home/bob/.ssh/id'], ['/home/.ssh', '/home/bob/x/.ssh', '/home/bob']],
  [
    ['/a?c', '/x'],
    ['/abc/d', '/x'],
    ['/ac', '/y'],
  ],
  [['/etc'], ['//etc//x'], []],
])('paths at or below one of %j', (prefixes, yes, no) => {
  const test = pathSetTest(prefixes)
  for (const path of yes) expect(test(path), `passes ${path}`).toBe(true)
  for (const path of no) expect(test(path), `refuses ${path}`).toBe(false)
})
