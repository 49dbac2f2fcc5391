// Which texts are filters, their meaning, and the errors for the others.
import { expect, test } from 'vitest'
import { printExpr } from '../../../src/filter/ast.js'
import { checkFilter } from '../../../src/filter/compile.js'
import { FilterError } from '../../../src/filter/error.js'
import { parseFilter } from '../../../src/filter/parser.js'
import { fields, passes } from './world.js'

const canonical = (text: string): string => printExpr(parseFilter(text).root)

function mistake(text: string): FilterError {
  try {
    checkFilter(text, fields)
  } catch (e) {
    if (e instanceof FilterError) return e
    throw e
  }
  throw new Error(`${text} is accepted`)
}

/** The part of the filter above the caret. */
const marked = (e: FilterError): string => e.expression.slice(e.position, e.position + e.length)

test('not binds more tightly than and, and more tightly than or', () => {
  const e = { 'fd.num': 1, 'proc.pid': 2 }
  expect(passes('fd.num=1 or fd.num=2 and proc.pid=3', e)).toBe(true)
  expect(passes('(fd.num=1 or fd.num=2) and proc.pid=3', e)).toBe(false)
  expect(passes('not fd.num=2 and proc.pid=3', e)).toBe(false)
  expect(passes('not (fd.num=2 and proc.pid=3)', e)).toBe(true)
  expect(passes('not not fd.num=1', e)).toBe(true)
  expect(passes('not not not fd.num=1', e)).toBe(false)
})

test('spaces are free where the grammar allows it', () => {
  expect(canonical('(fd.num=3)and(proc.pid=1)or not(proc.pid=2)')).toBe('fd.num=3 and proc.pid=1 or not proc.pid=2')
  expect(canonical('fd.num>=3and evt.dir=>')).toBe('fd.num>=3 and evt.dir=>')
  expect(canonical('evt.type in(open,close)')).toBe('evt.type in (open, close)')
  expect(canonical('  fd.num\n=\t3  ')).toBe('fd.num=3')
  expect(canonical('fd.num exists and fd.num exists')).toBe('fd.num exists and fd.num exists')
})

test('superfluous parentheses and negations are removed', () => {
  expect(canonical('((((fd.num=1))) and (fd.num=2 and (fd.num=3)))')).toBe('fd.num=1 and fd.num=2 and fd.num=3')
  expect(canonical('not (not (fd.num=1))')).toBe('fd.num=1')
  expect(canonical('fd.num=1 and (fd.num=2 or fd.num=3)')).toBe('fd.num=1 and (fd.num=2 or fd.num=3)')
})

test('arguments are in brackets or after a dot', () => {
  for (const filter of ['evt.arg.name=x', 'evt.arg[name]=x', 'evt.arg["name"]=x', "evt.arg['name']=x"])
    expect(passes(filter, { 'evt.arg[name]': 'x' }), filter).toBe(true)
  expect(passes('evt.arg[0]=x', { 'evt.arg[0]': 'x' })).toBe(true)
})

test('proc.id is accepted as proc.pid', () => {
  expect(passes('proc.id=7', { 'proc.pid': 7 })).toBe(true)
})

test('the caret marks the error', () => {
  const rows: [filter: string, marked: string, message: RegExp][] = [
    ['fd.num=1 fd.num=2', 'fd.num', /missing 'and' or 'or'/],
    ['evt.type=openand fd.num=1', 'fd.num', /missing 'and' or 'or'/],
    ['proc.name=a AND fd.num=1', 'AND', /lower case/],
    ['proc.name=a && fd.num=1', '&&', /expected 'and' or 'or'/],
    ['proc.nam=a', 'proc.nam', /unknown field 'proc.nam' \(did you mean proc.name\?\)/],
    ['foo.bar=a', 'foo.bar', /unknown field 'foo.bar'/],
    ['evt.tpye=open', 'evt.tpye', /did you mean evt.type\?/],
    ['evt.type=opne', 'opne', /no event named 'opne' \(did you mean open\?\)/],
    ['evt.type in (open, clsoe)', 'clsoe', /did you mean close\?/],
    ['evt.type!=acept', 'acept', /did you mean accept\?/],
    ['proc.name contians a', 'contians', /unknown operator 'contians' \(did you mean contains\?\)/],
    ['proc.name =~ a', '=~', /write 'regex'/],
    ['proc.name like a', 'like', /contains/],
    ['proc.name', 'proc.name', /not compared with anything/],
    ['evt.failed and fd.num=1', 'evt.failed', /not compared with anything/],
    ['open', 'open', /'open' is not a field/],
    ['proc.name="abc', '"', /never closed/],
    ["proc.name='abc", "'", /never closed/],
    ['proc.name="a\\qb"', '\\q', /unknown escape/],
    ['proc.name="\\x4"', '\\x', /two hexadecimal digits/],
    ['(fd.num=1', '(', /never closed/],
    ['fd.num=1)', ')', /has no matching '\('/],
    ['()', ')', /nothing precedes/],
    ['fd.num in (1, 2', '(', /never closed/],
    ['fd.num in (1 2)', '2', /expected ','/],
    ['fd.num=', '=', /ends where the value of '=' is expected/],
    ['proc.cmdline contains a=b', '=', /quote the value/],
    ['fd.num=abc', 'abc', /not a number/],
    ['fd.num=1.5', '1.5', /whole number/],
    ['fd.num=99999999999999999999999', '99999999999999999999999', /64 bits/],
    ['fd.num contains 1', 'contains', /cannot be used with fd.num, which is a number/],
    ['evt.buffer glob x', 'glob', /which is bytes/],
    ['proc.name bcontains 00', 'bcontains', /which is text/],
    ['evt.buffer bcontains xyz', 'xyz', /hexadecimal/],
    ['evt.failed=maybe', 'maybe', /neither true nor false/],
    ['fd.sip=1.2.3', '1.2.3', /not an IP address/],
    ['fd.snet=1.2.3.4/33', '1.2.3.4/33', /not a network/],
    ['fd.sport=nosuchservice', 'nosuchservice', /service/],
    ['evt.latency>10parsecs', '10parsecs', /duration/],
    ['evt.rawtime>yesterday', 'yesterday', /not a time/],
    ['evt.rawtime>2026-02-30', '2026-02-30', /not a time/],
    ['user.uid=root', 'root', /user.name/],
    ['proc.name regex "a("', '"a("', /regular expression: missing closing \): `a\(`/],
    ['proc.name anyof (a, b)', 'anyof', /'anyof' must follow an operator/],
    ['!proc.name=a', '!', /write 'not' instead of '!'/],
    ['fd.types=file', '=', /list/],
    ['evt.outputtime=x', 'evt.outputtime', /printed only/],
    ['span.id=1', 'span.id', /tracers ended/],
    ['evt.arg=x', 'evt.arg', /needs an argument/],
    ['proc.name[1]=x', 'proc.name[1]', /no argument/],
    ['proc.name = val(fd.num)', 'val(fd.num)', /left side is text, the right side a number/],
    ['proc.name = val(fd.types)', 'val(fd.types)', /cannot be used on the right/],
    ['proc.name regex val(proc.pname)', 'val(proc.pname)', /constants only/],
    ['toupper(fd.num)=A', 'toupper(fd.num)', /takes text/],
    ['upper(proc.name)=A', 'upper', /unknown transformer 'upper' \(did you mean toupper\?\)/],
    ['toupper(fd.ip)=A', 'fd.ip', /transformer/],
    ['concat(proc.name)=A', 'concat(proc.name)', /arguments/],
    ['fd.num=1 and', 'd', /check is expected/],
    ['fd.num=1 or or fd.num=2', 'or', /joins two checks/],
  ]
  for (const [filter, part, message] of rows) {
    const e = mistake(filter)
    expect.soft(e.message, filter).toMatch(message)
    expect.soft(marked(e), filter).toBe(part)
  }
})

test('the error for an empty filter says what a filter is', () => {
  for (const text of ['', '  \n']) expect(mistake(text).message).toMatch(/empty/)
})

test('an error has the message, the filter and a caret line', () => {
  expect(mistake('evt.type=open and proc.nam=cat').format()).toBe(
    [
      "filter: unknown field 'proc.nam' (did you mean proc.name?); ksys -l lists all fields",
      '  evt.type=open and proc.nam=cat',
      '                    ^^^^^^^^',
    ].join('\n'),
  )
})

test('an error in a long filter is shown with its surroundings', () => {
  const text = `${'fd.num=1 and '.repeat(5000)}proc.nam=cat${' and fd.num=2'.repeat(5000)}`
  const [, line, caret] = mistake(text).format().split('\n') as [string, string, string]
  expect(line.length).toBeLessThan(110)
  expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('proc.nam')
})

test('control characters of a filter never reach the terminal', () => {
  const text = 'proc.name=\x1b]0;owned\x07 \n\x9b1m fd.num=1'
  const shown = mistake(text).format()
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
  expect(shown.split('\n').length).toBe(3)
})

test('a doubtful filter is accepted with a warning', () => {
  const warnings = (text: string) => checkFilter(text, fields).warnings.join('\n')
  expect(warnings('proc.name=a-name-beyond-15-bytes')).toMatch(/at most 15 bytes/)
  expect(warnings('proc.name=proc.pname')).toMatch(/val\(proc.pname\)/)
  expect(warnings('proc.name=cat and fd.name=/etc/passwd')).toBe('')
})

test('fields and their arguments are listed once', () => {
  expect(checkFilter('evt.arg.name=x or evt.arg.name=y and proc.name=val(proc.pname)', fields).fieldsUsed).toHaveLength(
    3,
  )
})
