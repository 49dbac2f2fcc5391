// Lists and macros in conditions: their names are expanded, in any order of files.
import { expect, test } from 'vitest'
import { codes, expanded, load, messages, named, rule } from './texts.js'

const T = 'evt.type = open'

test('the name of a list is replaced by its items wherever a list of values is allowed', () => {
  const lists = '- list: a\n  items: [x, "y z", 7]\n- list: b\n  items: [a, w]\n'
  const of = (condition: string) => expanded(load(`${lists}${rule(condition)}`))
  expect(of('proc.name in (b)')).toBe('proc.name in (x, "y z", 7, w)')
  expect(of('proc.name in (q, a, "a")')).toBe('proc.name in (q, x, "y z", 7, "a")')
  expect(of('proc.name in a')).toBe('proc.name in (x, "y z", 7)')
  expect(of('fd.name pmatch (b)')).toBe('fd.name pmatch (x, "y z", 7, w)')
  expect(of('proc.name startswith anyof (a)')).toBe('proc.name startswith anyof (x, "y z", 7)')
  expect(of('proc.name startswith anyof a')).toBe('proc.name startswith anyof (x, "y z", 7)')
})

test('an item with inner quotes is the text between them', () => {
  const lists = `- list: a\n  items: ['"10.0.0.0/8"', "'x y'", "it's", '"open']\n`
  expect(expanded(load(`${lists}${rule('proc.exe in (a)')}`))).toBe(
    'proc.exe in ("10.0.0.0/8", "x y", "it\'s", "\\"open")',
  )
})

test('a list may contain its own name as a value, and may be empty', () => {
  const lists = '- list: sudo\n  items: [sudo, doas]\n- list: none\n  items: []\n'
  expect(expanded(load(`${lists}${rule('proc.name in (sudo, none)')}`))).toBe('proc.name in (sudo, doas)')
  expect(expanded(load(`${lists}${rule('proc.name in (none)')}`))).toBe('proc.name in ()')
})

test('lists that are defined later are known', () => {
  const text = `- list: a\n  items: [b]\n${rule('proc.name in (a, c)')}- list: b\n  items: [x]\n- list: c\n  items: [y]\n`
  expect(expanded(load(text))).toBe('proc.name in (x, y)')
})

test('a list of one item is compared as a value; with several items the name itself is compared, with a warning', () => {
  const one = load(`- list: a\n  items: [x]\n${rule(`${T} and proc.name = a`)}`)
  expect(expanded(one)).toBe('evt.type=open and proc.name=x')
  expect(codes(one)).toEqual([])
  const two = load(`- list: a\n  items: [x, y]\n${rule(`${T} and proc.name = a`)}`)
  expect(expanded(two)).toBe('evt.type=open and proc.name=a')
  expect(messages(two)[0]).toMatch(/LOAD_COMPILE_CONDITION: 'a' is also the name of a list/)
})

test('a macro is expanded as if in parentheses', () => {
  const macros = '- macro: m\n  condition: proc.name=a or proc.name=b\n- macro: n\n  condition: not m\n'
  const of = (condition: string) => expanded(load(`${macros}${rule(condition)}`))
  expect(of(`${T} and m`)).toBe('evt.type=open and (proc.name=a or proc.name=b)')
  expect(of(`${T} or m`)).toBe('evt.type=open or proc.name=a or proc.name=b')
  expect(of(`${T} and not n`)).toBe('evt.type=open and (proc.name=a or proc.name=b)')
  expect(of('fd.name existsand m')).toBe('fd.name exists and (proc.name=a or proc.name=b)')
  expect(of('not(m)and(n)')).toBe('not (proc.name=a or proc.name=b) and not (proc.name=a or proc.name=b)')
})

test('a macro that several rules use is one shared tree', () => {
  const text = `- macro: m\n  condition: proc.name=a or proc.name=b\n${rule('evt.num=1 and m', '', 'x')}${rule('evt.num=2 and m', '', 'y')}`
  const last = (name: string) => (named(load(text), name).condition.root as unknown as { items: unknown[] }).items[1]
  const result = load(text)
  const [x, y] = ['x', 'y'].map((n) => (named(result, n).condition.root as unknown as { items: unknown[] }).items[1])
  expect(x).toBe(y)
  expect(last('x')).toEqual(x)
})

test('a later file replaces lists, macros and rules, for earlier rules too', () => {
  const first = `- list: l\n  items: [a]\n- macro: m\n  condition: proc.name in (l)\n${rule('evt.num=1 and m', '', 'x')}${rule('evt.num=2', '', 'y')}`
  const second = `- list: l\n  items: [b]\n- macro: m\n  condition: not proc.name in (l)\n${rule('evt.num=3', '', 'x')}- rule: y\n  condition: and m\n  append: true\n`
  const result = load(first, second)
  expect(result.ok).toBe(true)
  expect(result.rules.map((r) => r.name)).toEqual(['x', 'y'])
  expect(expanded(result, 'x')).toBe('evt.num=3')
  expect(named(result, 'x').place.file).toBe('b.yaml')
  expect(expanded(result, 'y')).toBe('evt.num=2 and not proc.name in (b)')
})

test('unused definitions are reported for the file that defines them', () => {
  const result = load('- macro: m\n  condition: evt.num=1\n', '- list: l\n  items: [x]\n')
  expect(codes(result)).toEqual(['LOAD_UNUSED_MACRO 1:3', 'LOAD_UNUSED_LIST b.yaml:1:3'])
})

test('a definition that only rules for other sources use is used', () => {
  const text = `- macro: m\n  condition: ka.verb=create\n- list: l\n  items: [x]\n${rule('m and ka.user.name in (l)', '  source: k8s_audit\n')}`
  expect(codes(load(text))).toEqual(['LOAD_UNKNOWN_SOURCE 10:11'])
})

test('anchors, aliases and merge keys work as in any YAML', () => {
  const text = `- &base\n  rule: a\n  desc: d\n  output: o\n  priority: Info\n  condition: ${T}\n- {<<: *base, rule: b, priority: Error}\n`
  const result = load(text)
  expect(result.rules.map((r) => [r.name, r.priority])).toEqual([
    ['a', 'Informational'],
    ['b', 'Error'],
  ])
})
