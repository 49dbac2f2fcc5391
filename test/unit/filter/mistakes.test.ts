// Errors for common mistakes in filters: the message, and the part that the caret marks.
import { expect, test } from 'vitest'
import { checkFilter } from '../../../src/filter/compile.js'
import { FilterError } from '../../../src/filter/error.js'
import { fields } from './world.js'

function mistake(text: string): FilterError {
  try {
    checkFilter(text, fields)
  } catch (e) {
    if (e instanceof FilterError) return e
    throw e
  }
  throw new Error(`${text} is accepted`)
}

test.each<[filter: string, marked: string, message: RegExp]>([
  ['', '', /empty/],
  ['proc.name=cat and', 'd', /ends where a check is expected/],
  ['(', '(', /ends where a check is expected/],
  ['proc.name=cat and )', ')', /nothing precedes this '\)'/],
  ['"proc.name"=cat', '"', /not a quoted text/],
  ["'proc.name'=cat", "'", /not a quoted text/],
  ['!proc.name=cat', '!', /write 'not' instead of '!'/],
  ['=cat', '=', /^expected/],
  ['and proc.name=cat', 'and', /'and' joins two checks/],
  ['or proc.name=cat', 'or', /'or' joins two checks/],
  ['AND proc.name=cat', 'AND', /'AND' is not a field.*'and' must be lower case/],
  ['Not proc.name=cat', 'Not', /'not' must be lower case/],
  ['android=1', 'android', /'android' is not a field(?!.*lower case)/],
  ['brand=1', 'brand', /'brand' is not a field(?!.*lower case)/],
  ['proc.name', 'proc.name', /'proc.name' is not compared with anything/],
  ['proc.name and fd.num=1', 'proc.name', /is not compared with anything/],
  ['toupper(proc.name)', 'toupper(proc.name)', /'toupper\(\)' is not compared with anything/],
  ['proc.name or fd.num=1', 'proc.name', /is not compared with anything/],
  ['proc.name order 1', 'order', /unknown operator 'order'/],
  ['proc.name andy 1', 'andy', /unknown operator 'andy'/],
  ['proc.name allof (a)', 'allof', /'allof' must follow an operator, as in proc.name = allof \(cat, cp\)/],
  ['proc.name =~ cat', '=~', /write 'regex'/],
  ['proc.name === cat', '===', /unknown operator '==='/],
  ['proc.name <> cat', '<>', /unknown operator '<>'/],
  ['proc.name like cat', 'like', /contains/],
  ['proc.name contans cat', 'contans', /did you mean contains\?.*operators are /],
  ['proc.name xyzzy cat', 'xyzzy', /unknown operator 'xyzzy'; operators are/],
  ['proc.name=cat proc.pid=1', 'proc.pid', /missing 'and' or 'or'/],
  ['proc.name=cat And proc.pid=1', 'And', /lower case/],
  ['proc.name=cat && proc.pid=1', '&&', /^expected 'and' or 'or'/],
  ['proc.name=cat || proc.pid=1', '||', /^expected 'and' or 'or'/],
  ['proc.name=cat =1', '=', /unexpected = after a value.*quote the value/],
  ['proc.name=cat, proc.pid=1', ',', /unexpected , after a value/],
  ['proc.name=cat "dog"', '"', /unexpected " after a value/],
  ["proc.name=cat 'dog'", "'", /unexpected ' after a value/],
  ['proc.name=cat )', ')', /has no matching '\('/],
  ['((proc.name=cat)', '(', /never closed/],
  ['proc.name=', '=', /value of '=' is expected/],
  ['proc.name=val(', '', /./],
  ['proc.name=val()', ')', /expected a field/],
  ['proc.name=val(proc.name, proc.pid)', ',', /expected '\)' after the field/],
  ['val(proc.name, proc.pid)=x', 'val(proc.name, proc.pid)', /val\(\) takes one field/],
  ['val("cat")=x', 'val("cat")', /val\(\) takes one field/],
  ['proc.name=val("cat")', '"', /expected a field/],
  ['proc.name=toupper(', '(', /./],
  ['nosuch(proc.name)=x', 'nosuch', /unknown transformer 'nosuch'/],
  ['touper(proc.name)=x', 'touper', /did you mean toupper\?/],
  ['toupper(proc.name, proc.exe)=x', 'toupper(proc.name, proc.exe)', /takes 1 arguments, not 2/],
  ['concat(proc.name)=x', 'concat(proc.name)', /takes 2 or more arguments, not 1/],
  ['toupper(proc.name)[1]=x', 'toupper(proc.name)[1]', /takes no index/],
  ['proc.name in (a, b', '(', /never closed/],
  ['proc.name in (a b)', 'b', /expected ','/],
  ['proc.name in (a,)', ')', /./],
  ['proc.name[0]=x', 'proc.name[0]', /no argument/],
  ['evt.arg[=x', '', /./],
  ['evt.arg["x]=x', '"', /./],
  ['proc.name="a\\x4"', '\\x', /two hexadecimal digits/],
  ['proc.name="a\\xg4"', '\\x', /two hexadecimal digits/],
  ['proc.name="a\\z"', '\\z', /unknown escape/],
  ['proc.name="a', '"', /never closed/],
  ['proc.name="a\\', '"', /never closed/],
  ['fd.types=file', '=', /cannot compare the list fd.types; use in, intersects or exists/],
  ['evt.failed contains t', 'contains', /which is true or false; use exists = == != /],
  ['evt.rawtime contains 1', 'contains', /which is a time/],
  ['fd.snet contains 1', 'contains', /which is a network/],
  ['fd.sip contains 1', 'contains', /which is an IP address/],
  ['fd.snet=val(fd.cip)', 'val(fd.cip)', /constants only/],
  ['evt.rawarg.size=val(fd.num)', 'val(fd.num)', /a different type in each event/],
  ['fd.num=val(proc.name)', 'val(proc.name)', /left side is a number, the right side text/],
  ['fd.num=toupper("x")', 'toupper("x")', /left side is a number, the right side text/],
  ['proc.name=val(proc.argv)', 'val(proc.argv)', /right side is a list, which '=' cannot compare/],
  ['proc.name=val(proc.aname)', 'val(proc.aname)', /cannot be used on the right/],
  ['proc.name=val(evt.rawarg.size)', 'val(evt.rawarg.size)', /cannot be used on the right/],
  ['proc.name=b64("!")', 'b64("!")', /has no result/],
  ['toupper(proc.aname)=X', 'proc.aname', /cannot be used in a transformer/],
  ['join(",", (proc.name, evt.failed))=x', 'join(",", (proc.name, evt.failed))', /separator and a list/],
  ['user.uid=root', 'root', /to compare names, use user.name/],
  ['fd.num=root', 'root', /^fd.num: 'root' is not a number(?!.*names are compared)/],
  ['evt.type=nosuchcall', 'nosuchcall', /no event named 'nosuchcall'.*ksys -L/],
  ['evt.type>nosuchcall', 'nosuchcall', /no event named/],
  ['syscall.type in (read, nosuchcall)', 'nosuchcall', /no event named/],
])('%s', (filter, marked, message) => {
  const e = mistake(filter)
  expect(e.message).toMatch(message)
  if (marked !== '') expect(e.expression.slice(e.position, e.position + e.length)).toBe(marked)
})

test.each([
  'evt.type contains nosuchcall',
  'evt.type startswith nosuch',
  'proc.name in ()',
  'proc.name = allof ()',
  'join("-", ())=""',
  'join("-", (proc.name))=x',
  'proc.name=concat("a", "b", "c")',
  'proc.name = cat\tand\nnot fd.num=1',
])('%s is a valid filter', (filter) => expect(() => checkFilter(filter, fields)).not.toThrow())

test('constant expressions are evaluated once', () => {
  const { root } = checkFilter('proc.name=concat("a", "b", "c")', fields)
  expect(root).toMatchObject({ kind: 'test', constants: ['abc'] })
  expect(checkFilter('proc.name=join("-", ("a", "b"))', fields).root).toMatchObject({ constants: ['a-b'] })
  expect(checkFilter('proc.name=join("-", ())', fields).root).toMatchObject({ constants: [''] })
})

test.each<[string, RegExp | undefined]>([
  ['proc.name=sixteen-bytes-xx', /at most 15 bytes/],
  ['proc.name=fifteen-bytes-x', undefined],
  ['proc.name in (cat, sixteen-bytes-xx)', /at most 15 bytes/],
  ['proc.name contains sixteen-bytes-xx', undefined],
  ['proc.exe=sixteen-bytes-xx', undefined],
  ['proc.name=proc.pname', /write val\(proc.pname\)/],
  ['proc.name="proc.pname"', undefined],
  ['proc.name=proc.nosuch', undefined],
  ['proc.name contains proc.pname', undefined],
  ['proc.name<b', /proc.name is text and compared letter by letter/],
  ['evt.res<5', /evt.rawres is the number/],
  ['evt.arg.res<5', /evt.rawarg.res is the number/],
  ['evt.rawarg.size<5', undefined],
  ['fd.num<5', undefined],
  ['toupper(proc.name)<B', /toupper\(\) is text/],
])('the warning about %s is shown', (filter, doubt) => {
  const { warnings } = checkFilter(filter, fields)
  if (doubt === undefined) expect(warnings).toEqual([])
  else expect(warnings.join()).toMatch(doubt)
})

test('a long filter is cut around the error, at either end', () => {
  const lines = (text: string) => mistake(text).format().split('\n').slice(1) as [string, string]
  const under = ([line, caret]: [string, string]) => line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)
  const pad = 'fd.num=1 and '
  const first = lines(`proc.nam=cat and ${pad.repeat(20)}fd.num=1`)
  expect([under(first), first[0].startsWith('  proc.nam'), first[0].endsWith('…')]).toEqual(['proc.nam', true, true])
  const last = lines(`${pad.repeat(20)}proc.nam=cat`)
  expect([under(last), last[0].startsWith('  …'), last[0].endsWith('proc.nam=cat')]).toEqual(['proc.nam', true, true])
  const middle = lines(`${pad.repeat(20)}proc.nam=cat and ${pad.repeat(20)}fd.num=1`)
  expect([under(middle), middle[0].startsWith('  …'), middle[0].endsWith('…')]).toEqual(['proc.nam', true, true])
  for (const [line] of [first, last, middle]) expect(line.length).toBeLessThanOrEqual(2 + 96 + 2)
  const exact = `${'x'.repeat(81)}.y=1 and fd.n=1`
  expect(exact.length).toBe(96)
  expect(lines(exact)[0]).toBe(`  ${exact}`)
})
