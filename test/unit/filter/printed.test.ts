// Filters as they are printed: texts that parse to the same filter, in one form.
import { expect, test } from 'vitest'
import { printExpr, printValue } from '../../../src/filter/ast.js'
import { parseFilter } from '../../../src/filter/parser.js'

const written = (text: string): string => printExpr(parseFilter(text).root)

test.each([
  ['a.b = x', 'a.b=x'],
  ['a.b =  "x"', 'a.b="x"'],
  ["a.b='x y'", 'a.b="x y"'],
  ['a.b exists', 'a.b exists'],
  ['a.b contains x', 'a.b contains x'],
  ['a.b in (x,"y z",w)', 'a.b in (x, "y z", w)'],
  ['a.b >= 3', 'a.b>=3'],
  ['a.b[1]=x', 'a.b[1]=x'],
  ['a.b["x y"]=x', 'a.b["x y"]=x'],
  [`a.b['q"q']=x`, 'a.b["q\\"q"]=x'],
  ['a.b = val(c.d)', 'a.b=val(c.d)'],
  ['a.b = val(c.d[2])', 'a.b=val(c.d[2])'],
  ['toupper(a.b)=X', 'toupper(a.b)=X'],
  ['a.b = toupper(c.d)', 'a.b=toupper(c.d)'],
  ['concat(a.b, "x y", toupper(c.d)) contains X', 'concat(a.b, "x y", toupper(c.d)) contains X'],
  ['join("-", (a.b, c.d))=x', 'join("-", (a.b, c.d))=x'],
  ['not a.b=x', 'not a.b=x'],
  ['not (a.b=x and c.d=y)', 'not (a.b=x and c.d=y)'],
  ['not (a.b=x or c.d=y)', 'not (a.b=x or c.d=y)'],
  ['a.b=x and (c.d=y or not e.f=z)', 'a.b=x and (c.d=y or not e.f=z)'],
  ['a.b=x and c.d=y or e.f=z', 'a.b=x and c.d=y or e.f=z'],
  ['a.b contains anyof (x, y)', 'a.b contains anyof (x, y)'],
  ['a.b = oneof (x, y)', 'a.b= oneof (x, y)'],
  ['a.b = oneof my_list', 'a.b= oneof (my_list)'],
  ['a.b = oneof', 'a.b=oneof'],
  ['a.b = oneof and c.d=y', 'a.b=oneof and c.d=y'],
  ['a.b="x\\\\" and c.d=y', 'a.b="x\\\\" and c.d=y'],
  [`a.b="it\\'s"`, 'a.b="it\'s"'],
  ['a.b existsand c.d=y', 'a.b exists and c.d=y'],
  ['a.b existsor(c.d=y)', 'a.b exists or c.d=y'],
  ['a.b[c\\d]=x', 'a.b["c\\\\d"]=x'],
  ['a.b[c,d(e)=*:/%&|<>!]=x', 'a.b[c,d(e)=*:/%&|<>!]=x'],
])('%s is printed as %s', (text, as) => {
  expect(written(text)).toBe(as)
  expect(written(as), 'read and written once more').toBe(as)
})

test.each([
  ['plain', 'plain'],
  ['/etc/pass*wd', '/etc/pass*wd'],
  ['', '""'],
  ['a b', '"a b"'],
  ['a=b', '"a=b"'],
  ['a,b', '"a,b"'],
  ['(a', '"(a"'],
  ['a)', '"a)"'],
  ["it's", '"it\'s"'],
  ['say "x"', '"say \\"x\\""'],
  ['back\\slash', 'back\\slash'],
  ['back\\slash and', '"back\\\\slash and"'],
  ['tab\tnew\nline\r\b\f', '"tab\\tnew\\nline\\r\\b\\f"'],
  ['\x01\x7f', '"\\x01\\x7f"'],
  ['\udc80', '"\\x80"'],
  ['\udcff!', '"\\xff!"'],
  ['😀', '"😀"'],
])('the value %j is printed as %s and parsed as the same text', (text, as) => {
  expect(printValue(text)).toBe(as)
  expect(parseFilter(`a.b=${as}`).root).toMatchObject({ right: { text } })
})

test('a value that was in quotes is printed in quotes', () => {
  expect(printValue('plain', true)).toBe('"plain"')
})
