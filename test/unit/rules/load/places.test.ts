// However a condition is written in YAML, an error in it is reported at its line and column.
import { expect, test } from 'vitest'
import { codes, load } from './texts.js'

const HEAD = '- rule: r\n  desc: d\n  output: o\n  priority: Debug\n'

test.each<readonly [string, string, string]>([
  ['plain', '  condition: evt.type = open and proc.nmae = x\n', '5:34'],
  ['plain in several lines', '  condition: evt.type = open\n    and\n      proc.nmae = x\n', '7:7'],
  ['literal', '  condition: |\n    evt.type = open\n    and proc.nmae = x\n', '7:9'],
  ['literal, indented by number', '  condition: |2-\n      evt.type = open\n    and proc.nmae = x\n', '7:9'],
  ['folded', '  condition: >\n    evt.type = open\n    and\n\n    proc.nmae = x\n', '9:5'],
  ['folded, with a comment', '  condition: >- # why\n    evt.type = open\n      and proc.nmae = x\n', '7:11'],
  ['single quotes', "  condition: 'evt.type = open and proc.nmae = x'\n", '5:35'],
  ['single quotes with quotes', "  condition: 'evt.type = open and proc.exe = \"it''s\" and proc.nmae = x'\n", '5:58'],
  ['double quotes', '  condition: "evt.type = open and proc.nmae = x"\n', '5:35'],
  [
    'double quotes with escapes',
    '  condition: "evt.type = open and\\n\\tproc.exe = \\x27\\u263a\\U0001F600\\x27 and \\\n    proc.nmae = x"\n',
    '6:5',
  ],
  ['behind tabs and wide characters', "  condition: evt.type = open and proc.exe = '😀é' and proc.nmae = x\n", '5:54'],
  ['windows line ends', '  condition: |\r\n    evt.type = open\r\n    and proc.nmae = x\r\n', '7:9'],
])('%s', (_, condition, place) => {
  expect(codes(load(HEAD + condition))).toEqual([`LOAD_ERR_COMPILE_CONDITION ${place}`])
})

test('in an appended part, an error is reported in its file', () => {
  const appended = '- rule: r\n  condition: >\n    and proc.nmae = x\n  override: {condition: append}\n'
  expect(codes(load(`${HEAD}  condition: evt.type = open\n`, appended))).toEqual([
    'LOAD_ERR_COMPILE_CONDITION b.yaml:3:9',
  ])
})

test('in a value from an anchor, an error is reported at the anchor', () => {
  const text = `- list: l\n  items: &x [a]\n- list: m\n  items: *x\n${HEAD}  condition: fd.num in (l, m) and evt.type = open\n`
  expect(codes(load(text))).toEqual(['LOAD_ERR_COMPILE_CONDITION 9:25'])
})

test('the line is shown, cut if it is long, with carets under the error', () => {
  const long = Array.from({ length: 60 }, (_, i) => `evt.type != open${i % 2 === 0 ? 'at' : ''}`).join(' and ')
  const [problem] = load(`${HEAD}  condition: ${long} and proc.nmae = x and ${long}\n`).files[0]!.errors
  const [line, caret] = problem!.snippet.split('\n') as [string, string]
  expect(line.length).toBeLessThanOrEqual(98)
  expect(line).toMatch(/^….*…$/)
  expect(line.slice(caret.indexOf('^'), caret.length)).toBe('proc.nmae')
})

test('control characters of a file are escaped', () => {
  const [problem] = load(`${HEAD}  condition: "evt.type = open and proc.nmae = \u202e"\n`).files[0]!.errors
  expect(problem!.snippet).not.toContain('\u202e')
})
