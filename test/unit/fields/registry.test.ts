// Fields are found by their usual names, with their types and arguments.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isOperand, isRightSide } from '../../../src/fields/field.js'
import { CLASSES, registry } from '../../../src/fields/index.js'
import { FieldError } from '../../../src/fields/registry.js'

interface Known {
  name: string
  type?: string
  arg?: 'required' | 'optional'
  argKind?: string
  list?: boolean
  filter?: boolean
  print?: boolean
  transformers?: boolean
  rhsField?: boolean
  removed?: boolean
}

const known = JSON.parse(readFileSync(new URL('fields.data.json', import.meta.url), 'utf8')) as Known[]

const INDEX = /^(ancestor level|argument index|fd number)/
const ANY = /^(name or index|variable name or ancestor level)/

function kind(argKind: string): string {
  return INDEX.test(argKind) ? 'index' : ANY.test(argKind) ? 'any' : argKind === 'epoch-ns timestamp' ? 'index' : 'name'
}

test('every field of the older and the newer engine exists, with its type, argument and rules', () => {
  const wrong: string[] = []
  for (const k of known) {
    const def = registry.get(k.name)
    const say = (what: string, got: unknown, wanted: unknown) => {
      if (got !== wanted) wrong.push(`${k.name}: ${what} is ${got}, not ${wanted}`)
    }
    if (def === undefined) {
      wrong.push(`${k.name} is missing`)
      continue
    }
    say('removed', def.removed !== undefined, k.removed === true)
    if (k.removed) continue
    say('type', def.type, k.type)
    // the argument of evt.abspath is optional: the form without it is used everywhere
    say('argument', def.arg?.need, k.name === 'evt.abspath' ? 'optional' : k.arg)
    if (k.argKind !== undefined) say('argument kind', def.arg?.kind, kind(k.argKind))
    say('list', def.list === true, k.list === true)
    say('filter', def.filter !== false, k.filter !== false)
    say('print', def.print !== false, k.print !== false)
    if (k.transformers === false) say('transformers', isOperand(def), false)
    if (k.rhsField === false) say('rhsField', isRightSide(def), false)
  }
  expect(known.length).toBeGreaterThan(300)
  expect(wrong).toEqual([])
})

test('every field has a one-line description and belongs to one class', () => {
  const seen = new Set<string>()
  for (const c of CLASSES)
    for (const [name, def] of Object.entries(c.fields)) {
      expect(def.doc, name).toMatch(/^\S.*[.;)]$/)
      expect(def.doc.length, name).toBeLessThan(130)
      expect(seen.has(name), name).toBe(false)
      seen.add(name)
    }
})

test('arguments are written in brackets or after a dot', () => {
  expect(registry.find('evt.arg[res]').arg).toBe('res')
  expect(registry.find('evt.arg.res').arg).toBe('res')
  expect(registry.find('evt.arg[0]').arg).toBe('0')
  expect(registry.find('proc.env[PATH]').arg).toBe('PATH')
  expect(registry.find('proc.env["A B"]').arg).toBe('A B')
  expect(registry.find('proc.aname.2').arg).toBe('2')
  expect(registry.find('thread.cgroup.cpuset').arg).toBe('cpuset')
  expect(registry.find('evt.type.is.openat').arg).toBe('openat')
})

test('without an index, fields of ancestors have several values', () => {
  expect(registry.find('proc.aname').multi).toBe(true)
  expect(registry.find('proc.aname[2]').multi).toBe(false)
  expect(registry.find('fd.ip').multi).toBe(true)
})

test('raw arguments have the type of the argument', () => {
  expect(registry.find('evt.rawarg.fd').type).toBe('fd')
  expect(registry.find('evt.rawarg.name').type).toBe('string')
  expect(registry.find('evt.rawarg.data').type).toBe('bytebuf')
})

test('proc.id is accepted as proc.pid', () => {
  expect(registry.find('proc.id').name).toBe('proc.pid')
})

test('in text the longest matching name is used', () => {
  const text = 'time:evt.time.s proc_name'
  const { use, end } = registry.match(text, 5)
  expect(use.name).toBe('evt.time.s')
  expect(text.slice(end)).toBe(' proc_name')
  expect(registry.match('proc.name.', 0).end).toBe(9)
  expect(registry.match('evt.arg.res|', 0).use.text).toBe('evt.arg.res')
})

test.each([
  ['foo.bar', 'unknown field'],
  ['proc.nmae', 'unknown field'],
  ['evt.arg', 'needs an argument'],
  ['evt.arg[nosuch]', 'no event has an argument named "nosuch"'],
  ['proc.aname[bash]', 'not a number'],
  ['proc.name[1]', 'takes no argument'],
  ['proc.env[PATH', 'closing ]'],
  ['span.id', 'tracers ended'],
  ['evt.type.is.nosuch', 'no event named'],
  ['', 'expected a field name'],
])('%s is refused with a reason', (text, reason) => {
  expect(() => registry.find(text)).toThrow(FieldError)
  expect(() => registry.find(text)).toThrow(reason)
})
