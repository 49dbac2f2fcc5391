// Repeated alerts: the first is emitted at once, the others as one line, and all are counted.

import { expect, test } from 'vitest'
import { Grouping } from '../../../../src/rules/alerts/grouping.js'
import type { Alert } from '../../../../src/rules/rule.js'
import fc from '../../../helpers/properties.js'
import { alertOf } from '../../../helpers/rules.js'

const SECOND = 1_000_000_000n
const START = 1_700_000_000n * SECOND

/** An alert at this number of seconds after the start. */
const at = (seconds: number, group: string | undefined = 'a'): Alert =>
  alertOf({ time: START + BigInt(Math.round(seconds * 1e9)), text: `${group}`, ...(group !== undefined && { group }) })

function grouping(most?: number) {
  const sent: Alert[] = []
  const g = new Grouping({ window: 60n * SECOND, isoTime: true, ...(most !== undefined && { most }) }, (a) =>
    sent.push(a),
  )
  return { g, sent, texts: () => sent.map((a) => a.text) }
}

test('the first is emitted at once; when the window ends, one line has the number of repeats, and the first and last time', () => {
  const { g, sent } = grouping()
  g.take(at(0))
  expect(sent).toHaveLength(1)
  for (const s of [1, 2, 59.5]) g.take(at(s))
  expect(sent).toHaveLength(1)
  g.tick(START + 60n * SECOND)
  expect(sent[1]).toMatchObject({
    text: 'a [3 more like it, first 2023-11-14T22:13:20.000000000+0000, last 2023-11-14T22:14:19.500000000+0000]',
    time: START + 59_500_000_000n,
  })
  expect(Object.fromEntries(sent[1]!.fields)).toEqual({
    'alert.repeated': 3,
    'alert.first_time': START,
    'alert.last_time': START + 59_500_000_000n,
  })
  expect(g.joined).toBe(3)
})

test('an alert after the window starts another one, after the line about the previous one', () => {
  const { g, texts } = grouping()
  for (const s of [0, 1, 61, 62]) g.take(at(s))
  expect(texts().map((t) => t.replace(/ \[.*/, ' [more]'))).toEqual(['a', 'a [more]', 'a'])
})

test('a group of one is emitted once, and an alert without a group always', () => {
  const { g, texts } = grouping()
  g.take(at(0, 'a'))
  g.take(alertOf({ text: 'internal' }))
  g.take(alertOf({ text: 'internal' }))
  g.flush()
  expect(texts()).toEqual(['a', 'internal', 'internal'])
})

test('at the end the counts are emitted', () => {
  const { g, texts } = grouping()
  for (const group of ['a', 'b', 'a', 'a', 'b']) g.take(at(0, group))
  g.flush()
  expect(texts().map((t) => t.replace(/ more.*/, ''))).toEqual(['a', 'b', 'a [2', 'b [1'])
})

test('with very many groups the oldest ends early, and its count is emitted', () => {
  const { g, texts } = grouping(2)
  for (const group of ['a', 'a', 'b', 'c']) g.take(at(0, group))
  expect(texts().map((t) => t.replace(/ more.*/, ''))).toEqual(['a', 'b', 'a [1', 'c'])
})

test('whatever comes in whatever order: each alert was sent or is in a number that was sent', () => {
  const step = fc.tuple(fc.double({ min: 0, max: 200, noNaN: true }), fc.constantFrom('a', 'b', 'c', undefined))
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 1, max: 3 }), (steps, most) => {
      const { g, sent } = grouping(most)
      for (const [seconds, group] of steps) g.take(at(seconds, group))
      g.flush()
      const repeated = sent.map((a) => Number(a.fields.get('alert.repeated') ?? 0))
      const own = repeated.filter((n) => n === 0).length
      expect(own + repeated.reduce((a, b) => a + b, 0)).toBe(steps.length)
      expect(g.joined).toBe(steps.length - own)
    }),
  )
})
