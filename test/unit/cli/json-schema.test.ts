// The output of -j conforms to the schema of --json-schema, for every kind of line and every field.
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'

const merged = join(tmpdir(), `ksys-json-schema-${process.pid}.ksys`)
afterAll(() => rmSync(merged, { force: true }))
const shell = join(root, 'captures/shell.ksys')
const build = join(root, 'captures/build.ksys')
const web = join(root, 'captures/web.ksys')

interface Schema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  additionalProperties?: Schema
  required?: string[]
  minimum?: number
}
const whole = JSON.parse(ksys(['--json-schema']).stdout) as { version: number; $defs: Record<string, Schema> }

const typeOf = (v: unknown) => (v === null ? 'null' : Array.isArray(v) ? 'array' : typeof v)
const isType = (v: unknown, t: string) =>
  t === 'integer' ? Number.isInteger(v) : t === typeOf(v) || (t === 'number' && typeof v === 'number')

function byPattern({ patternProperties = {} }: Schema, key: string): Schema | undefined {
  return Object.entries(patternProperties).find(([p]) => new RegExp(p).test(key))?.[1]
}

/** Where a value violates a schema; covers the keywords that the schema uses. */
function wrong(v: unknown, s: Schema, at = '$'): string[] {
  const some = s.anyOf ?? s.oneOf
  if (some !== undefined) {
    const each = some.map((one) => wrong(v, one, at))
    return each.some((w) => w.length === 0) ? [] : each.flat()
  }
  if ('const' in s) return v === s.const ? [] : [`${at} is ${JSON.stringify(v)}`]
  if (s.enum !== undefined) return s.enum.includes(v) ? [] : [`${at} is ${JSON.stringify(v)}`]
  const types = s.type === undefined ? [] : [s.type].flat()
  if (types.length > 0 && !types.some((t) => isType(v, t))) return [`${at} is a ${typeOf(v)}: ${JSON.stringify(v)}`]
  if (s.minimum !== undefined && (v as number) < s.minimum) return [`${at} is ${v}`]
  if (Array.isArray(v))
    return s.items === undefined ? [] : v.flatMap((x, i) => wrong(x, s.items as Schema, `${at}[${i}]`))
  if (typeOf(v) !== 'object') return []
  const missing = (s.required ?? []).filter((k) => !(k in (v as object))).map((k) => `${at}.${k} is missing`)
  const keys = Object.entries(v as object).flatMap(([k, x]) => {
    const known = s.properties?.[k] ?? byPattern(s, k) ?? s.additionalProperties
    return known === undefined ? [`${at}.${k} is not in the schema`] : wrong(x, known, `${at}.${k}`)
  })
  return [...missing, ...keys]
}

/** Checks each line against a kind of line; returns the number of lines. */
function fits(kind: string, args: string[], from = 0, to?: number): number {
  const run = ksys(args)
  expect(run.code).toBe(0)
  const lines = run.stdout.trim().split('\n').slice(from, to)
  const all = lines.flatMap((line) => wrong(JSON.parse(line), whole.$defs[kind] as Schema))
  expect([...new Set(all)].slice(0, 10)).toEqual([])
  return lines.length
}

test('lines of events conform: the default line, and a line with every field that a format may use', () => {
  expect(fits('event', ['-r', shell, '-j'])).toBeGreaterThan(1000)
  const listed = ksys(['-l', '-j']).stdout.trim().split('\n')
  const fields = listed.map((line) => JSON.parse(line)).filter((f) => f.print && f.argument !== 'required')
  expect(fields.length).toBeGreaterThan(250)
  const line = `*${fields.map((f) => `%${f.name}`).join(' ')} %evt.arg.res %evt.rawarg.fd %proc.aname[1] %evt.arg[0]`
  for (const file of [shell, web]) expect(fits('event', ['-r', file, '-j', '-n', '400', '-p', line])).toBe(400)
})

test('the default line of events has the version; a line of requested fields has only those', () => {
  const first = (...words: string[]) => JSON.parse(ksys(['-r', shell, '-j', '-n', '1', ...words]).stdout)
  expect(first()).toMatchObject({ 'evt.schema': whole.version })
  expect(first('-p', '%evt.num')).toEqual({ 'evt.num': 1 })
})

test('other lines conform: summary, info, host, differences, fields, events', () => {
  expect(fits('summary', ['-r', build, '-q', '-S', '-j'])).toBeGreaterThan(20)
  ksys(['merge', build, shell, '-w', merged, '--host', 'a', '--host', 'b'])
  expect(fits('info', ['info', '-j', build, shell, merged])).toBe(3)
  fits('host', ['info', '--host', '-j'])
  fits('runs', ['diff', '-j', build, shell], 0, 1)
  expect(fits('difference', ['diff', '-j', build, shell], 1)).toBeGreaterThan(20)
  expect(fits('field', ['-l', '-j'])).toBeGreaterThan(300)
  expect(fits('declaration', ['-L', '-j'])).toBeGreaterThan(300)
})

test('a report conforms, with a comparison, and with the arguments of programs', () => {
  const baseline = join(tmpdir(), `ksys-json-schema-${process.pid}.json`)
  ksys(['report', '-r', build, '-o', baseline])
  const of = (...args: string[]) => JSON.parse(ksys(['report', '-j', ...args]).stdout)
  try {
    for (const report of [
      of('-r', web, '--expect', baseline),
      of('-r', web, '--show-secrets'),
      of('-r', web, 'evt.num < 2'),
    ])
      expect(wrong(report, whole.$defs.report as Schema)).toEqual([])
  } finally {
    rmSync(baseline)
  }
})
