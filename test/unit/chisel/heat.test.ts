// Heat maps: colours and characters by count, a row for each interval (empty ones included), and the axis.
import { expect, test } from 'vitest'
import { HeatMap, heatCell } from '../../../src/chisel/heat.js'
import { lineText } from '../../../src/chisel/text.js'
import { axis } from '../../../src/format/heat/latency-axis.js'

function mapOn(columns: number, color: boolean): { map: HeatMap; lines: string[] } {
  const lines: string[] = []
  const c = {
    columns,
    heat: (level: number) => heatCell(level, color),
    print: (...parts: Parameters<typeof lineText>[0]) => void lines.push(lineText(parts, color)),
  }
  return {
    map: new HeatMap(c, 1e9, (n) =>
      axis(n, [
        [0, 'a'],
        [4, 'b'],
      ]),
    ),
    lines,
  }
}

const fill = (map: HeatMap, column: number, times: number) => {
  for (let i = 0; i < times; i++) map.add(column)
}

test('higher counts are hotter, and values out of range are in the first or last column', () => {
  const { map, lines } = mapOn(8, false)
  fill(map, -3, 1)
  fill(map, 2.9, 300)
  fill(map, 99, 1_000_000)
  map.row(1e9)
  expect(lines).toEqual(['. +    @'])
})

test('adjacent cells of one colour are merged, and nothing follows the last one', () => {
  const { map, lines } = mapOn(8, true)
  for (const column of [1, 2, 3]) fill(map, column, 5)
  map.row(1e9)
  expect(lines).toEqual([' \u001b[48;5;40m   \u001b[0m'])
})

test('empty intervals are rows, and a long gap is one line', () => {
  const { map, lines } = mapOn(8, false)
  map.row(1e9)
  fill(map, 0, 1)
  map.row(4e9)
  expect(lines).toEqual(['', '.', '', ''])
  map.row(1000e9)
  expect(lines.slice(4)).toEqual(['', '(996 s without any)'])
})

test('the axis is printed at the end, and every 20 rows', () => {
  const { map, lines } = mapOn(8, false)
  for (let i = 1; i <= 25; i++) map.row(i * 1e9)
  map.end()
  expect(lines.flatMap((l, i) => (l === '|a  |b' ? [i] : []))).toEqual([20, 26])
})

test('labels that do not fit are omitted: on the narrowest terminal, all of them', () => {
  const labels = [
    [0, 'first'],
    [4, 'second'],
    [8, 'third'],
  ] as const
  expect([1, 6, 14, 80].map((columns) => axis(columns, labels))).toEqual([
    '',
    '|first',
    '|first  |third',
    '|first  |third',
  ])
  const { map, lines } = mapOn(1, false)
  fill(map, 5, 1)
  map.end()
  expect(lines).toEqual(['.', ''])
})
