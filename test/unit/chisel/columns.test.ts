// Rows of text: aligned, complete if they fit, cut on a narrow terminal.
import { expect, test } from 'vitest'
import { columnLines } from '../../../src/chisel/columns.js'
import { bytesText, spanText } from '../../../src/chisel/units.js'

const specs = [
  ['NAME', 8],
  ['REST', 0],
] as const

test('columns are as wide as their widest value', () => {
  expect(
    columnLines(
      specs,
      [
        ['short', 'a'],
        ['very-long-name', 'b'],
      ],
      200,
    ),
  ).toEqual(['NAME           REST', 'short          a', 'very-long-name b'])
})

test('on a terminal of 80 cells values are cut at their column width', () => {
  expect(columnLines(specs, [['very-long-name', 'whole, however long it is']], 80)).toEqual([
    'NAME    REST',
    'very-lo whole, however long it is',
  ])
})

test('wide characters take two cells', () => {
  expect(
    columnLines(
      specs,
      [
        ['日本', 'a'],
        ['ab', 'b'],
      ],
      200,
    ),
  ).toEqual(['NAME    REST', '日本    a', 'ab      b'])
})

test("bytes and times have sysdig's units", () => {
  expect([0, 78, 1024, 6040, 38_880_000].map(bytesText)).toEqual(['0B', '78B', '1024B', '5.90KB', '37.08M'])
  expect([870, 3170, 37_515_000, 1_050_000_000].map(spanText)).toEqual(['870ns', '3.17us', '37ms', '1.05s'])
})
