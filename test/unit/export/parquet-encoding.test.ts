// Whatever is written into columns is read back by DuckDB, and found by the statistics of row groups.
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BinaryBuffer } from '../../../src/export/binary-buffer.js'
import { NumberColumn } from '../../../src/export/columns/number-column.js'
import type { Column } from '../../../src/export/columns/schema.js'
import { Tuples } from '../../../src/export/columns/tuple-column.js'
import { Footer } from '../../../src/export/parquet/footer.js'
import { NumberLeaf } from '../../../src/export/parquet/number-leaf.js'
import { PageWriter } from '../../../src/export/parquet/page-writer.js'
import { MAGIC } from '../../../src/export/parquet/spec.js'
import { TupleLeaf } from '../../../src/export/parquet/tuple-leaf.js'
import type { Event } from '../../../src/model/event.js'
import { escapeText } from '../../../src/render/escape.js'
import { duckdb, sqlText } from '../../helpers/duckdb.js'
import fc from '../../helpers/properties.js'
import { scratch } from '../../helpers/trace.js'

const path = scratch()
const sql = duckdb()

interface Row {
  n: number | undefined
  small: number | undefined
  text: string | undefined
  yes: boolean | undefined
  big: bigint | number | undefined
}

const column = (name: string, per: Column['per'], type: Column['type']): Column => ({ name, field: '', per, type })
const NUMBERS = [column('n', 'event', 'int64'), column('small', 'event', 'int32')] as const
const LOOKED_UP = [
  column('text', 'thread', 'text'),
  column('yes', 'thread', 'bool'),
  column('big', 'thread', 'int64'),
  column('again', 'thread', 'text'),
] as const
/** A text that differs exactly if the column `text` differs. */
const again = (text: string | undefined) => (text === undefined ? undefined : `=${text}`)
const NONE = {} as Event

/** Writes a file with these row groups; `same` decides whether equal rows share their lookups. */
function write(groups: readonly (readonly Row[])[], file: string, same = true): void {
  const out = new BinaryBuffer()
  out.trusted(MAGIC)
  const pages = new PageWriter(out)
  const footer = new Footer([...NUMBERS, ...LOOKED_UP])
  for (const rows of groups) {
    const numbers = NUMBERS.map(({ name, type }) => new NumberColumn(name, type === 'int32' ? 4 : 8))
    const tuples = new Tuples(LOOKED_UP)
    let row: Row | undefined
    tuples.useGetters([() => row?.text, () => row?.yes, () => row?.big, () => again(row?.text)])
    const known = new Map<string, number>()
    for (row of rows) {
      numbers[0]?.push(row.n)
      numbers[1]?.push(row.small)
      const key = `${row.text === undefined}${row.text}|${row.yes}|${typeof row.big}${row.big}`
      const tuple = (same ? known.get(key) : undefined) ?? tuples.add(NONE)
      known.set(key, tuple)
      tuples.push(tuple)
    }
    footer.add(
      pages.writeGroup(
        [...numbers.map((c) => new NumberLeaf(c)), ...tuples.columns.map((c) => new TupleLeaf(c))],
        rows.length,
      ),
      rows.length,
    )
  }
  const end = footer.bytes('test', {})
  out.bytes(end)
  out.u32(end.length)
  out.trusted(MAGIC)
  writeFileSync(file, out.view())
}

const asInt = (n: number | bigint | undefined, bits: 32 | 64) => {
  if (n === undefined || (typeof n === 'number' && !Number.isInteger(n))) return null
  return BigInt.asIntN(bits, BigInt(n)) === BigInt(n) ? BigInt(n) : null
}
/** A row as DuckDB reads it. */
const read = ({ n, small, text, yes, big }: Row) => [
  asInt(n, 64),
  asInt(small, 32),
  text === undefined ? null : escapeText(text),
  yes ?? null,
  typeof big === 'number' && !Number.isSafeInteger(big) ? null : asInt(big, 64),
  text === undefined ? null : escapeText(`=${text}`),
]

const number = fc.oneof(
  fc.integer({ min: -100, max: 100 }),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -1,
    2 ** 53,
    -(2 ** 63),
    2 ** 62,
    2 ** 31 - 1,
    -(2 ** 31),
    Number.NaN,
    0.5,
    Number.POSITIVE_INFINITY,
  ),
)
const words = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', "it's", '"', 'ä', 'zz', '\udc80', 'ksys', '{}', `${'é'.repeat(70)}`, '😀'.repeat(40)),
  fc.string({ unit: fc.constantFrom('a', 'z', '~', 'ä', '\ud7ff', '\u{10ffff}'), minLength: 60, maxLength: 80 }),
)
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined, freq: 4 })
const anyRow: fc.Arbitrary<Row> = fc.record({
  n: maybe(number),
  small: maybe(number),
  text: maybe(words),
  yes: maybe(fc.boolean()),
  big: maybe(fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.maxSafeInteger())),
})
/** Rows that are repeated several times. */
const anyGroup = fc
  .array(fc.tuple(anyRow, fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 }))), { minLength: 1, maxLength: 12 })
  .map((runs) => runs.flatMap(([row, times]) => Array<Row>(times).fill(row)))

test('any rows are read back in order, and each is found by its values', async () => {
  const file = path('any.parquet')
  await fc.assert(
    fc.asyncProperty(fc.array(anyGroup, { minLength: 1, maxLength: 3 }), fc.boolean(), async (groups, same) => {
      write(groups, file, same)
      const rows = groups.flat().map(read)
      const found = await sql(`select n, small::bigint as small, text, yes, big, again from ${sqlText(file)}`)
      expect(found.map((r) => [r.n, r.small, r.text, r.yes, r.big, r.again])).toEqual(rows)
      for (const i of [0, 1, 2, 4, 5])
        for (const value of [...new Set(rows.map((r) => r[i]))].slice(0, 3)) {
          const name = ['n', 'small', 'text', 'yes', 'big', 'again'][i]
          const is = value === null ? 'is null' : `= ${typeof value === 'string' ? sqlText(value) : value}`
          const [counted] = await sql(`select count(*) as times from ${sqlText(file)} where ${name} ${is}`)
          expect(counted?.times, `${name} ${is}`).toBe(BigInt(rows.filter((r) => r[i] === value).length))
        }
    }),
    { numRuns: 30 },
  )
})

/** Pseudorandom numbers, the same in each run. */
function dice(seed: number): (below: number) => number {
  let x = seed
  return (below) => {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    return Math.floor((x / 2 ** 32) * below)
  }
}

test('many rows are read back: pages are split, and dictionaries that are too large are dropped', async () => {
  const roll = dice(7)
  const rows = Array.from({ length: 50_000 }, (_, i): Row => {
    const n = i % 3 === 0 ? undefined : 1_700_000_000_000_000 + i * 1000 + roll(900)
    const text = roll(9) === 0 ? undefined : `/tmp/${'x'.repeat(roll(90))}${roll(1 << 30)}`
    return { n, small: roll(70_000) - 100, text, yes: roll(5) > 0, big: BigInt(roll(100)) ** 9n }
  })
  const file = path('many.parquet')
  write([rows], file, false)
  const found = await sql(`select n, small::bigint as small, text, yes, big, again from ${sqlText(file)}`)
  expect(found.map((r) => [r.n, r.small, r.text, r.yes, r.big, r.again])).toEqual(rows.map(read))
  const meta = await sql(`select path_in_schema as name, encodings from parquet_metadata(${sqlText(file)})`)
  const encodings = Object.fromEntries(meta.map((m) => [m.name, String(m.encodings)]))
  expect(encodings.n).toContain('DELTA_BINARY_PACKED')
  expect(encodings.text).not.toContain('DICTIONARY')
  expect(encodings.big).toContain('RLE_DICTIONARY')
})

test('statistics have the bounds of each row group and state whether they are exact', async () => {
  const row = (text: string | undefined, n: number): Row => ({ text, n, small: 1, yes: true, big: undefined })
  const long = 'é'.repeat(70)
  const file = path('bounds.parquet')
  write([[row('b', 5), row('Z', -7), row(undefined, 0)], [row(long, 1)], [row('\u{10ffff}'.repeat(40), 1)]], file)
  const all = await sql(
    `select path_in_schema as name, stats_min_value, stats_max_value, stats_null_count, min_is_exact, max_is_exact
     from parquet_metadata(${sqlText(file)}) order by row_group_id`,
  )
  const of = (name: string) =>
    all
      .filter((m) => m.name === name)
      .map((m) => [m.stats_min_value, m.stats_max_value, m.stats_null_count, m.min_is_exact, m.max_is_exact])
  expect(of('n')[0]).toEqual(['-7', '5', 0n, true, true])
  const [exact, cut, none] = of('text')
  expect(exact).toEqual(['Z', 'b', 1n, true, true])
  expect(String(cut?.[0]).length).toBe(32)
  expect(long.startsWith(String(cut?.[0]))).toBe(true)
  expect(String(cut?.[1]) > long).toBe(true)
  expect(cut?.slice(3)).toEqual([false, false])
  expect(none?.slice(0, 2)).toEqual([null, null])
  expect(of('big')[0]?.slice(0, 3)).toEqual([null, null, 3n])
})
