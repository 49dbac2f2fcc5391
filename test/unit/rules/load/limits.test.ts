// Rules files designed to exhaust memory or time are refused in a sentence; large legitimate ones are loaded.
import { expect, test } from 'vitest'
import { MOST } from '../../../../src/rules/load/limits.js'
import { codes, load, messages, named, rule } from './texts.js'

const many = (n: number, item: (i: number) => string) => Array.from({ length: n }, (_, i) => item(i)).join('')

test('macros that double forty times are refused, and rules that do not use them are loaded', () => {
  const macros = `- macro: m0\n  condition: evt.num=1 or evt.num=2\n${many(40, (i) => `- macro: m${i + 1}\n  condition: m${i} or m${i}\n`)}`
  const result = load(`${macros}${rule('evt.type=open and m40')}${rule('evt.type=open and m2', '', 'small')}`)
  expect(messages(result)).toContainEqual(expect.stringMatching(/131072 checks once its macros are replaced/))
  expect(result.rules.map((r) => r.name)).toEqual(['small'])
})

test('lists that double forty times are refused', () => {
  const lists = `- list: l0\n  items: [a, b]\n${many(40, (i) => `- list: l${i + 1}\n  items: [l${i}, l${i}]\n`)}`
  const result = load(`${lists}${rule('evt.type=open and proc.name in (l40)')}`)
  expect(messages(result)).toContainEqual(expect.stringMatching(/'l\d+' is too large/))
})

test('many conditions that share a large macro have a common limit', () => {
  const macro = `- macro: m\n  condition: ${many(5000, (i) => `${i > 0 ? ' or ' : ''}evt.num=${i}`)}\n`
  const result = load(`${macro}${many(500, (i) => rule('m or evt.type=open', '', `r${i}`))}`)
  expect(messages(result)).toContainEqual(expect.stringMatching(/conditions up to here have more than 2000000 checks/))
  expect(result.rules.length).toBeGreaterThan(300)
})

test('a macro that is nested too deep after expansion is refused', () => {
  const macros = `- macro: m0\n  condition: evt.num=1\n${many(600, (i) => `- macro: m${i + 1}\n  condition: (m${i} ${i % 2 ? 'or' : 'and'} evt.num=${i})\n`)}`
  const result = load(`${macros}${rule('evt.type=open and m600')}`)
  expect(messages(result)).toContainEqual(expect.stringMatching(/nested more than 500 levels/))
  expect(result.rules).toEqual([])
})

test('a chain of ten thousand macros does not count as nesting', () => {
  const macros = `- macro: m0\n  condition: evt.type=open\n${many(10_000, (i) => `- macro: m${i + 1}\n  condition: m${i}\n`)}`
  const result = load(`${macros}${rule('m10000')}`)
  expect(codes(result)).toEqual([])
  expect(named(result).condition.root).toMatchObject({ kind: 'check' })
})

test('ten thousand rules are loaded, and one more is an error', () => {
  const rules = many(10_000, (i) => rule('evt.type=open', '', `r${i}`))
  expect(load(rules)).toMatchObject({ ok: true, rules: { length: 10_000 } })
  expect(messages(load(rules + rule('evt.type=open')))).toEqual([
    expect.stringMatching(/10001 rules; the maximum is 10000/),
  ])
})

test('a condition of a megabyte is accepted, a larger one refused', () => {
  const checks = many(40_000, (i) => `${i > 0 ? ' or ' : ''}fd.name=/a/${String(i).padStart(6, '0')}`)
  const pad = ' '.repeat(MOST.condition - checks.length)
  expect(load(rule(`"${checks}${pad}"`)).rules).toHaveLength(1)
  expect(codes(load(rule(`"${checks} ${pad}"`)))).toEqual(['LOAD_ERR_COMPILE_CONDITION 5:15'])
})

test('aliases that multiply are refused', () => {
  const lines = ['- list: l', '  items: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let i = 1; i < 12; i++)
    lines.push(
      `- k${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    )
  expect(messages(load(`${lines.join('\n')}\n`))[0]).toMatch(/LOAD_ERR_YAML_PARSE: .*larger than/)
})

test.each([
  ['brackets', `${'['.repeat(100_000)}`],
  ['closed brackets', `${'['.repeat(5000)}${']'.repeat(5000)}`],
  ['maps', many(300, (i) => `${' '.repeat(i)}a:\n`)],
  ['dashes', '- '.repeat(20_000)],
])('YAML that is nested too deep is refused: %s', (_, text) => {
  const result = load(text)
  expect(result.ok).toBe(false)
  expect(result.rules).toEqual([])
})

test('a text with more tokens than the limit is refused', () => {
  expect(messages(load(`[${','.repeat(2_000_000)}]`))).toEqual([
    expect.stringMatching(/LOAD_ERR_YAML_PARSE: it has more than 1000000 tokens/),
  ])
})

test('of a text full of errors, the first ones are reported', () => {
  expect(load(`[${','.repeat(50_000)}]`).files[0]!.errors).toHaveLength(20)
})

test('an alias within its own anchor, and one without an anchor, are errors', () => {
  expect(codes(load('- &a [*a]\n'))).toEqual(['LOAD_ERR_YAML_PARSE 1:7'])
  expect(codes(load('- *b\n'))).toEqual(['LOAD_ERR_YAML_PARSE 1:3'])
})

test('of thousands of errors the first are reported, and the number of the others', () => {
  const { errors, unreported } = load(many(1000, (i) => rule('proc.nmae=x', '', `r${i}`))).files[0]!
  expect([errors.length, unreported.errors]).toEqual([MOST.reported, 1000 - MOST.reported])
})
