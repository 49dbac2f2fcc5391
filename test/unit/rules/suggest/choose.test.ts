// The suggested exceptions: they silence repeated alerts and nothing else, with few fields; as YAML they are read back unchanged.

import { expect, test } from 'vitest'
import { registry } from '../../../../src/fields/index.js'
import { checkRules } from '../../../../src/rules/engine/checked.js'
import { loadRules } from '../../../../src/rules/load/load.js'
import { choose } from '../../../../src/rules/suggest/choose.js'
import { exceptionItem } from '../../../../src/rules/suggest/exceptions-yaml.js'
import { isStrong, stableFields } from '../../../../src/rules/suggest/stable-fields.js'
import { Tally } from '../../../../src/rules/suggest/tally.js'
import fc from '../../../helpers/properties.js'
import { ruleOf } from '../../../helpers/rules.js'

type Values = readonly (string | undefined)[]

function tallyOf(fields: readonly string[], alerts: readonly Values[], most?: number): Tally {
  const tally = new Tally(fields, most)
  for (const values of alerts) tally.add(values)
  return tally
}
const times = (n: number, values: Values): Values[] => Array(n).fill(values)

test('one field is suggested if it is enough, the preferred one of several', () => {
  const tally = tallyOf(['proc.name', 'fd.name', 'proc.pname'], times(5, ['dpkg', '/etc/a', 'apt']))
  expect(choose(tally, 2)).toEqual({ fields: ['proc.name'], tuples: [{ values: ['dpkg'], count: 5 }], covered: 5 })
})

test('as many fields are suggested as are needed to exclude single alerts', () => {
  const alerts = [...times(5, ['sh', '/etc/a']), ['sh', '/etc/b'], ['vi', '/etc/a']]
  expect(choose(tallyOf(['proc.name', 'fd.name'], alerts), 2)).toMatchObject({
    fields: ['proc.name', 'fd.name'],
    tuples: [{ values: ['sh', '/etc/a'], count: 5 }],
  })
})

test('the folder is suggested if the names of files always differ', () => {
  const alerts = Array.from({ length: 9 }, (_, i): Values => ['cc', `/tmp/${i}.o`, '/tmp'])
  const others: Values[] = [['cc', '/etc/x', '/etc']]
  expect(choose(tallyOf(['proc.name', 'fd.name', 'fd.directory'], [...alerts, ...others]), 2)).toMatchObject({
    fields: ['proc.name', 'fd.directory'],
    tuples: [{ values: ['cc', '/tmp'], count: 9 }],
    covered: 9,
  })
})

test('a weak field alone would suppress too much, for example everything that root runs', () => {
  const tally = tallyOf(['fd.name', 'user.name'], times(4, [undefined, 'root']))
  expect(choose(tally, 2)).toBeUndefined()
})

test('nothing is suggested without repeated alerts', () => {
  expect(choose(tallyOf(['proc.name'], [['a'], ['b']]), 2)).toBeUndefined()
  expect(choose(tallyOf(['proc.name'], []), 2)).toBeUndefined()
})

test('suggestions include no alert that was less frequent, and all of their fields are needed', () => {
  const fields = ['proc.name', 'fd.name', 'proc.pname', 'user.name']
  const value = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined })
  const alerts = fc.array(fc.tuple(value, value, value, value), { maxLength: 40 })
  fc.assert(
    fc.property(alerts, fc.integer({ min: 2, max: 4 }), (all, least) => {
      const found = choose(tallyOf(fields, all), least)
      if (found === undefined) return
      expect(found.fields.some(isStrong)).toBe(true)
      const at = found.fields.map((f) => fields.indexOf(f))
      const silenced = all.filter((values) =>
        found.tuples.some((t) => t.values.every((v, i) => values[at[i] as number] === v)),
      )
      expect(silenced.length).toBe(found.covered)
      for (const { values, count } of found.tuples) {
        const like = all.filter((a) => values.every((v, i) => a[at[i] as number] === v))
        expect(like.length).toBe(count)
        expect(count).toBeGreaterThanOrEqual(least)
      }
    }),
  )
})

test('alerts beyond the limit of distinct values are counted', () => {
  const tally = tallyOf(['proc.name'], [['a'], ['b'], ['c'], ['a']], 2)
  expect(tally).toMatchObject({ total: 4, beyond: 1 })
})

test('the stable fields of a rule are those in its output and its condition', () => {
  const rule = ruleOf({
    condition: 'evt.type=openat and fd.name startswith /etc/',
    output: 'opened (pid=%proc.pid parent=%proc.pname user=%user.name)',
  })
  expect(stableFields(rule, checkRules([rule], registry))).toEqual([
    'fd.name',
    'proc.pname',
    'fd.directory',
    'user.name',
  ])
  const bare = ruleOf({ condition: 'evt.type=ptrace', output: 'traced' })
  expect(stableFields(bare, checkRules([bare], registry))).toEqual(['proc.name'])
})

test('any values and names become a file without warnings, whose exceptions match exactly these', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })
  const odd = fc.constantFrom(
    '"a"',
    "'",
    '(x)',
    '<NA>x',
    'a: b',
    '#',
    '- a',
    '\u009b31m',
    '\u202e',
    '%proc.name',
    '\ud800',
  )
  const value = fc.oneof(text, odd)
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(value, value), { minLength: 1, maxLength: 4, selector: String }),
      value,
      (tuples, name) => {
        const given = {
          fields: ['proc.name', 'fd.name'],
          tuples: tuples.map((values) => ({ values, count: 2 })),
          covered: 2,
        }
        const item = exceptionItem(ruleOf({ name, exceptions: [{ name: 'repeated', fields: [] }] }), given, 3)
        expect(item.split('\n').every((line) => !/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/.test(line))).toBe(true)
        const base = `- rule: ${JSON.stringify(name)}\n  desc: x\n  condition: evt.type=openat\n  output: x\n  priority: DEBUG\n  exceptions: [{name: repeated, fields: [proc.name]}]\n`
        const { rules, files, ok } = loadRules([
          { name: 'a', text: base },
          { name: 'b', text: item },
        ])
        expect(ok, JSON.stringify(files)).toBe(true)
        const condition = rules[0]?.exceptions[1]?.condition
        const ands = condition?.kind === 'or' ? condition.items : [condition]
        const read = ands.map((and) =>
          and?.kind === 'and'
            ? and.items.map((c) => (c.kind === 'check' && c.right?.kind === 'literal' ? c.right.text : undefined))
            : [],
        )
        expect(read).toEqual(tuples)
      },
    ),
  )
})
