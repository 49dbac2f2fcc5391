// Parquet files, as DuckDB reads them: each cell is what the field says of the event, whatever is known of threads and descriptors
// from before.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { DuckDBMapValue } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { COLUMNS } from '../../../src/export/parquet/schema.js'
import type { FieldContext } from '../../../src/fields/field.js'
import { renderParam } from '../../../src/format/args/args.js'
import { escapeText } from '../../../src/format/text/escape.js'
import type { Event } from '../../../src/model/event.js'
import { openTrace } from '../../../src/source/open.js'
import { bundled, unpacked } from '../../golden/captures.js'
import { csvObjects } from '../../helpers/csv.js'
import { duckdb, sqlText } from '../../helpers/duckdb.js'
import { exportTo } from '../../helpers/exported.js'
import { ksys, root } from '../../helpers/ksys.js'
import { cellsOf, csvCells, PLAIN_LINE } from '../../helpers/parquet-cells.js'
import { scratch } from '../../helpers/trace.js'

const path = scratch()
const sql = duckdb()
const golden = unpacked()
const captures = `${root}captures/`
const FILES = [
  ...readdirSync(captures).flatMap((f) => (f.endsWith('.ksys') ? [`${captures}${f}`] : [])),
  ...bundled.map((name) => `${golden}/${name}.scap`),
]

/** Names and values of the arguments that an event has. */
function argumentsOf(e: Event, ctx: FieldContext): [string, string][] {
  return e.shown.flatMap((p, k): [string, string][] =>
    e.has(e.shownAt(k)) ? [[p.name, escapeText(renderParam(e, k, ctx) as string)]] : [],
  )
}

describe.each(FILES.map((file) => [file.slice(file.lastIndexOf('/') + 1), file]))('%s', (_, file) => {
  test('has in each row what the fields say of the event', async () => {
    const args: [string, string][][] = []
    const files = { csv: path('cells.csv'), parquet: path('cells.parquet') }
    await exportTo(await openTrace(file), files, PLAIN_LINE, (e, ctx) => args.push(argumentsOf(e, ctx)))
    const expected = csvCells(readFileSync(files.csv, 'utf8'))
    const rows = await sql(`select * from ${sqlText(files.parquet)}`)
    expect(rows.length).toBe(expected.length)
    for (const [i, row] of rows.entries()) {
      expect(cellsOf(row)).toEqual(expected[i])
      const { entries } = row.evt_args as DuckDBMapValue
      expect(entries.map(({ key, value }) => [key, value])).toEqual(args[i])
      const json = JSON.parse(row.evt_args_json as string) as Record<string, unknown>
      expect(Object.entries(json).map(([key, value]) => [key, String(value)])).toEqual(args[i])
    }
  })
})

describe('a file', () => {
  const file = path('web.parquet')
  beforeAll(() => exportTo1(`${captures}web.ksys`, file))

  test('has about fifty columns with names that need no quotes, and types that follow from the fields', async () => {
    const described = await sql(`describe select * from ${sqlText(file)}`)
    expect(described.map((d) => d.column_name)).toEqual(COLUMNS.map((c) => c.name))
    const types = Object.fromEntries(described.map((d) => [d.column_name, d.column_type]))
    expect(types).toMatchObject({
      evt_num: 'BIGINT',
      evt_time: 'TIMESTAMP WITH TIME ZONE',
      evt_latency_ns: 'BIGINT',
      evt_cpu: 'INTEGER',
      evt_type: 'VARCHAR',
      evt_failed: 'BOOLEAN',
      proc_name: 'VARCHAR',
      proc_pid: 'BIGINT',
      fd_sport: 'INTEGER',
      evt_args: 'MAP(VARCHAR, VARCHAR)',
      evt_args_json: 'VARCHAR',
    })
    for (const { name } of COLUMNS) expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
    const [time] = await sql(`select logical_type from parquet_schema(${sqlText(file)}) where name = 'evt_time'`)
    expect(String(time?.logical_type)).toMatch(/isAdjustedToUTC=1.*NANO/s)
  })

  test('names who wrote it', async () => {
    const [meta] = await sql(`select created_by, num_rows from parquet_file_metadata(${sqlText(file)})`)
    expect(meta?.created_by).toMatch(/^ksys/)
    expect(meta?.num_rows).toBe((await sql(`select count(*) n from ${sqlText(file)}`))[0]?.n)
  })
})

async function exportTo1(capture: string, file: string): Promise<void> {
  await exportTo(await openTrace(capture), { parquet: file })
}

test('events of several hosts have the names of theirs', async () => {
  const [web, shell] = ['web', 'shell'].map((name) => `${captures}${name}.ksys`) as [string, string]
  ksys(['merge', web, shell, '-w', path('both.ksys')])
  const csv = path('both.csv')
  await exportTo(await openTrace(path('both.ksys')), { parquet: path('both.parquet'), csv }, '*%host.name %proc.name')
  const expected = csvObjects(readFileSync(csv, 'utf8'))
  const rows = await sql(`select host_name, proc_name from ${sqlText(path('both.parquet'))}`)
  expect(new Set(rows.map((r) => r.host_name)).size).toBe(2)
  expect(rows.map((r) => [r.host_name, r.proc_name])).toEqual(expected.map((r) => [r['host.name'], r['proc.name']]))
})

test('a file is not larger than its capture by much', async () => {
  await exportTo1(`${captures}web.ksys`, path('small.parquet'))
  expect(statSync(path('small.parquet')).size).toBeLessThan(4 * statSync(`${captures}web.ksys`).size)
})
