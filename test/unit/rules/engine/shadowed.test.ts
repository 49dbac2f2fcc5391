// Rules that never fire if only the first matching rule fires, and how often rules were evaluated and fired.
import { expect, test } from 'vitest'
import { registry } from '../../../../src/fields/index.js'
import { checkRules } from '../../../../src/rules/engine/checked.js'
import { compileRules } from '../../../../src/rules/engine/engine.js'
import { rulesByCode, shadowedRules } from '../../../../src/rules/engine/types-of.js'
import { rule } from '../../../helpers/rule.js'
import { ctx, fields, made } from '../../filter/world.js'

function shadowed(...conditions: string[]): Record<string, string[]> {
  const checked = checkRules(
    conditions.map((c, i) => rule(String(i), c)),
    registry,
  )
  return Object.fromEntries(
    shadowedRules(checked, rulesByCode(checked)).map((s) => [s.rule.name, s.by.map((r) => r.name)]),
  )
}

test('a rule after one with fewer conditions never fires', () => {
  expect(shadowed('evt.type = openat', 'evt.type = openat and proc.name = cat')).toEqual({ 1: ['0'] })
  expect(shadowed('evt.type = openat and proc.name = cat', 'evt.type = openat')).toEqual({})
})

test('the same condition twice, in whatever order it is written, fires the first rule only', () => {
  expect(shadowed('evt.type = openat and proc.name = cat', 'proc.name = cat and evt.type in (openat)')).toEqual({
    1: ['0'],
  })
})

test('a rule of several event types is shadowed if each of them is, by whichever rule', () => {
  const both = 'evt.type in (openat, unlink) and proc.name = cat'
  expect(shadowed('evt.type = openat', both)).toEqual({})
  expect(shadowed('evt.type = openat', 'evt.type = unlink and proc.name = cat', both)).toEqual({ 2: ['0', '1'] })
})

test('an exception of the earlier rule lets the later rule fire', () => {
  expect(shadowed('evt.type = openat and not proc.name = cat', 'evt.type = openat and fd.num > 2')).toEqual({})
})

test('the events for which a rule was evaluated, and those that fired it, are counted', () => {
  const rules = ['evt.type = openat and proc.name = cat', 'evt.type in (openat, read)', 'evt.type = chmod'].map(
    (c, i) => rule(String(i), c),
  )
  const counts = (matching: 'first' | 'all') => {
    const engine = compileRules(checkRules(rules, fields), ctx, { matching, fired: () => undefined })
    for (const type of ['openat', 'read', 'close', 'openat'])
      engine.evaluate(made({ type, 'proc.name': type === 'read' ? 'sh' : 'cat' }))
    return engine.counts()
  }
  expect(counts('all')).toEqual([
    { seen: 2, fired: 2 },
    { seen: 3, fired: 3 },
    { seen: 0, fired: 0 },
  ])
  expect(counts('first')).toEqual([
    { seen: 2, fired: 2 },
    { seen: 3, fired: 1 },
    { seen: 0, fired: 0 },
  ])
})
