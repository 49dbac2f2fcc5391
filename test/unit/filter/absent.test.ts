// An absent value passes no comparison; `not` inverts this.
import { expect, test } from 'vitest'
import { passes } from './world.js'

test('every operator is false for an absent value, and its negation true', () => {
  const checks = [
    'fd.name exists',
    'fd.name=x',
    'fd.name==x',
    'fd.name!=x',
    'fd.name contains ""',
    'fd.name icontains ""',
    'fd.name startswith ""',
    'fd.name endswith ""',
    'fd.name glob *',
    'fd.name iglob *',
    'fd.name regex ".*"',
    'fd.name in (x)',
    'fd.name in ()',
    'fd.name intersects (x)',
    'fd.name pmatch (/)',
    'fd.name != anyof (a, b)',
    'fd.name != allof (a, b)',
    'fd.name = oneof (a, b)',
    'fd.name contains allof ()',
    'fd.num exists',
    'fd.num=0',
    'fd.num!=0',
    'fd.num<1',
    'fd.num<=0',
    'fd.num>-1',
    'fd.num>=0',
    'fd.num in (0)',
    'evt.failed=false',
    'evt.failed!=true',
    'evt.buffer contains ""',
    'evt.buffer bcontains 00',
    'evt.buffer bstartswith 00',
    'evt.buffer != x',
    'fd.sip != 1.2.3.4',
    'fd.ip != 1.2.3.4',
    'fd.snet != 1.0.0.0/8',
    'fd.types in (file)',
    'fd.types exists',
    'proc.aname != x',
    'fd.name = val(proc.name)',
    'fd.name != val(proc.name)',
    'fd.num >= val(proc.pid)',
    'toupper(fd.name) != X',
    'len(fd.name) >= 0',
    'len(fd.types) = 0',
    'concat(fd.name, "x") exists',
    'evt.rawarg.size != 1',
  ]
  for (const check of checks) {
    expect(passes(check, {}), check).toBe(false)
    expect(passes(`not ${check}`, {}), `not ${check}`).toBe(true)
  }
})

test('an empty text counts as a value', () => {
  expect(passes('proc.env[NOPE] exists', { 'proc.env[NOPE]': '' })).toBe(true)
  expect(passes('proc.env[NOPE]=""', { 'proc.env[NOPE]': '' })).toBe(true)
  expect(passes('proc.env[NOPE]!=x', { 'proc.env[NOPE]': '' })).toBe(true)
})

test('an empty list, or a set without candidates, is absent', () => {
  for (const check of ['fd.types in (file)', 'fd.types intersects (file)', 'fd.types exists'])
    expect(passes(check, { 'fd.types': [] }), check).toBe(false)
  for (const check of ['fd.ip=1.2.3.4', 'fd.ip!=1.2.3.4', 'fd.ip exists', 'fd.ip in (1.2.3.4)'])
    expect(passes(check, { 'fd.ip': [] }), check).toBe(false)
})
