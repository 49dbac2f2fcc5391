// Alerts as lines, text and JSON: as Falco prints them, character by character.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { INVISIBLE } from '../../../../src/model/sanitize.js'
import { internalAlert } from '../../../../src/rules/alerts/internal.js'
import { alertJson, alertLine } from '../../../../src/rules/alerts/lines.js'
import { iso8601, rfc3339, timeOfDay } from '../../../../src/rules/alerts/time.js'
import type { AlertValue } from '../../../../src/rules/rule.js'
import fc from '../../../helpers/properties.js'
import { alertOf, ruleOf } from '../../../helpers/rules.js'

/** Falco's defaults. */
const DEFAULT_JSON = { output: true, message: false, outputFields: true, tags: true }

const zone = process.env.TZ
beforeAll(() => {
  process.env.TZ = 'Asia/Kolkata'
})
afterAll(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

const shadow = alertOf({
  rule: ruleOf({ name: 'Read shadow', priority: 'Warning', tags: ['host', 'T1555', 'host'] }),
  text: 'Sensitive file opened (file=/etc/shadow user=root)',
  fields: new Map<string, AlertValue>([
    ['user.name', 'root'],
    ['fd.name', '/etc/shadow'],
    ['proc.pid', 42],
    ['proc.is_exe_upper_layer', false],
    ['k8s.ns.name', undefined],
    ['evt.time', 1_700_000_000_000_000_007n],
  ]),
})

test('a line of text has local time, priority and output, or the date and time in UTC', () => {
  expect(alertLine(shadow, false)).toBe(
    '03:43:20.000000007: Warning Sensitive file opened (file=/etc/shadow user=root)',
  )
  expect(alertLine(shadow, true)).toBe(
    '2023-11-14T22:13:20.000000007+0000: Warning Sensitive file opened (file=/etc/shadow user=root)',
  )
})

test('a line of JSON has its keys sorted, numbers as numbers with all their digits, each tag once', () => {
  expect(alertJson(shadow, DEFAULT_JSON, false)).toBe(
    '{"hostname":"web1",' +
      '"output":"03:43:20.000000007: Warning Sensitive file opened (file=/etc/shadow user=root)",' +
      '"output_fields":{"evt.time":1700000000000000007,"fd.name":"/etc/shadow","k8s.ns.name":null,' +
      '"proc.is_exe_upper_layer":false,"proc.pid":42,"user.name":"root"},' +
      '"priority":"Warning","rule":"Read shadow","source":"syscall","tags":["T1555","host"],' +
      '"time":"2023-11-14T22:13:20.000000007Z"}',
  )
})

test('JSON has the selected properties', () => {
  const none = { output: false, message: false, outputFields: false, tags: false }
  expect(alertJson(shadow, none, false)).toBe(
    '{"hostname":"web1","priority":"Warning","rule":"Read shadow","source":"syscall","time":"2023-11-14T22:13:20.000000007Z"}',
  )
  expect(JSON.parse(alertJson(shadow, { ...none, message: true }, true))).toMatchObject({
    message: 'Sensitive file opened (file=/etc/shadow user=root)',
  })
})

test("an internal alert is a sentence with its fields; its JSON has the same properties as Falco's", () => {
  const drop = internalAlert('drop', 1_700_000_000_000_000_007n, 'web1', 'events were lost', {
    lost: 12,
    where: 'a "ring"',
  })
  expect(alertLine(drop, false)).toBe('03:43:20.000000007: Warning events were lost (lost=12 where="a \\"ring\\"")')
  expect(alertJson(drop, DEFAULT_JSON, false)).toBe(
    '{"hostname":"web1","output":"events were lost","output_fields":{"lost":12,"where":"a \\"ring\\""},' +
      '"priority":"Warning","rule":"Falco internal: syscall event drop","source":"internal",' +
      '"time":"2023-11-14T22:13:20.000000007Z"}',
  )
})

test('times before 1970 and at its edges are right to the nanosecond', () => {
  expect(rfc3339(0n)).toBe('1970-01-01T00:00:00.000000000Z')
  expect(rfc3339(-1n)).toBe('1969-12-31T23:59:59.999999999Z')
  expect(iso8601(999_999_999n)).toBe('1970-01-01T00:00:00.999999999+0000')
  expect(timeOfDay(-1n)).toBe('05:29:59.999999999')
})

const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xa0 })))
  .map((codes) => String.fromCharCode(...codes))
const scalar: fc.Arbitrary<AlertValue> = fc.oneof(
  anyText,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(undefined),
)
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }))
const unsafe = new RegExp(`[\\0-\\x1f${INVISIBLE}]`, 'u')

/** What JSON can represent of a value: half a surrogate pair is dropped. */
function asJson(v: AlertValue): unknown {
  if (typeof v === 'string') return Buffer.from(v).toString()
  if (Array.isArray(v)) return v.map(asJson)
  return v === undefined || Object.is(v, -0) ? (v ?? null) : v
}

test('whatever fields and texts contain, JSON parses back to it, and is one line that is safe for a terminal', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, value), anyText, anyText, (fields, name, hostname) => {
      const alert = alertOf({ rule: ruleOf({ name, tags: [name] }), hostname, fields: new Map(Object.entries(fields)) })
      const line = alertJson(alert, DEFAULT_JSON, false)
      expect(line).not.toMatch(unsafe)
      const parsed = JSON.parse(line)
      expect(parsed.rule).toBe(asJson(name))
      expect(parsed.hostname).toBe(asJson(hostname))
      // two names may become equal without half surrogate pairs
      if (new Set(Object.keys(fields).map(asJson)).size < Object.keys(fields).length) return
      for (const [key, v] of Object.entries(fields)) {
        const got = parsed.output_fields[asJson(key) as string]
        expect(JSON.stringify(got)).toBe(JSON.stringify(asJson(v)))
      }
    }),
    { numRuns: 300 },
  )
})

test('numbers of 64 bits have every digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }), (n) => {
      const line = alertJson(alertOf({ fields: new Map([['n', n]]) }), DEFAULT_JSON, false)
      expect(line).toContain(`"output_fields":{"n":${n}}`)
    }),
  )
})

test('falcosidekick accepts it: each key has the expected type', () => {
  const parsed = JSON.parse(alertJson(shadow, DEFAULT_JSON, false))
  for (const key of ['output', 'priority', 'rule', 'time', 'source', 'hostname'])
    expect(typeof parsed[key]).toBe('string')
  expect(parsed.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  expect(parsed.tags).toEqual(['T1555', 'host'])
  expect(typeof parsed.output_fields).toBe('object')
})
