// The summary at the end of a run, in Falco's wording and order.
import { expect, test } from 'vitest'
import { AlertCounts } from '../../../../src/rules/alerts/summary.js'
import { alertOf, ruleOf } from '../../../helpers/rules.js'

test('counts by severity, the gravest first, and by rule, in the order of the rules', () => {
  const shell = ruleOf({ name: 'Shell in a container', priority: 'Notice' })
  const read = ruleOf({ name: 'Read shadow', priority: 'Warning' })
  const info = ruleOf({ name: 'Odd\nname', priority: 'Informational' })
  const counts = new AlertCounts([read.name, 'Never', info.name, shell.name])
  for (const rule of [shell, read, shell, info, shell]) counts.count(alertOf({ rule }))
  expect(counts.summary()).toBe(
    [
      'Events detected: 5',
      'Rule counts by severity:',
      '   WARNING: 1',
      '   NOTICE: 3',
      '   INFO: 1',
      'Triggered rules by rule name:',
      '   Read shadow: 1',
      '   Odd\\nname: 1',
      '   Shell in a container: 3',
      '',
    ].join('\n'),
  )
})

test('a run without alerts has a summary, too', () => {
  expect(new AlertCounts().summary()).toBe(
    'Events detected: 0\nRule counts by severity:\nTriggered rules by rule name:\n',
  )
})
