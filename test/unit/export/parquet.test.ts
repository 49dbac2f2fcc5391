// Parquet files, as DuckDB reads them: each cell is the value of the field for the event, whatever was known before of threads and
// descriptors.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { DuckDBMapValue } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { COLUMNS } from '../../../src/export/columns/schema.js'
import { parquetExport } from '../../../src/export/parquet/parquet.js'
import type { FieldContext } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import type { Event } from '../../../src/model/event.js'
import { renderParam } from '../../../src/render/args/args.js'
import { escapeText } from '../../../src/render/escape.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { bundled, unpacked } from '../../golden/captures.js'
import { csvObjects } from '../../helpers/csv.js'
import { duckdb, sqlText } from '../../helpers/duckdb.js'
import { exportTo } from '../../helpers/exported.js'
import { ksys, root } from '../../helpers/ksys.js'
import { cellsOf, csvCells, PLAIN_LINE } from '../../helpers/parquet-cells.js'
import type { RowSpec } from '../../helpers/rows.js'
import { expectSame } from '../../helpers/same.js'
import { scratch } from '../../helpers/trace.js'
import { context, info, walk } from '../fields/evaluate.js'
import { shell as shellState } from '../state/world.js'

const path = scratch()
const sql = duckdb()
const golden = unpacked()
const captures = `${root}captures/`
const FILES = [
  ...readdirSync(captures).flatMap((f) => (f.endsWith('.ksys') ? [`${captures}${f}`] : [])),
  ...bundled.map((name) => `${golden}/${name}.scap`),
]

/** Names and values of the arguments of an event. */
function argumentsOf(e: Event, ctx: FieldContext): [string, string][] {
  return e.shown.flatMap((p, k): [string, string][] =>
    e.has(e.shownAt(k)) ? [[p.name, escapeText(renderParam(e, k, ctx) as string)]] : [],
  )
}

describe.each(FILES.map((file) => [file.slice(file.lastIndexOf('/') + 1), file]))('%s', (_, file) => {
  test('each row has the values of the fields', async () => {
    const args: [string, string][][] = []
    const files = { csv: path('cells.csv'), parquet: path('cells.parquet') }
    await exportTo(await openTrace(file), files, PLAIN_LINE, (e, ctx) => args.push(argumentsOf(e, ctx)))
    const expected = csvCells(readFileSync(files.csv, 'utf8'))
    const rows = await sql(`select * from ${sqlText(files.parquet)}`)
    expect(rows.length).toBe(expected.length)
    for (const [i, row] of rows.entries()) {
      expectSame(cellsOf(row), expected[i])
      const { entries } = row.evt_args as DuckDBMapValue
      expectSame(
        entries.map(({ key, value }) => [key, value]),
        args[i],
      )
      const json = JSON.parse(row.evt_args_json as string) as Record<string, unknown>
      expectSame(
        Object.entries(json).map(([key, value]) => [key, String(value)]),
        args[i],
      )
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

  test('names the program that wrote it', async () => {
    const [meta] = await sql(`select created_by, num_rows from parquet_file_metadata(${sqlText(file)})`)
    expect(meta?.created_by).toMatch(/^ksys/)
    expect(meta?.num_rows).toBe((await sql(`select count(*) n from ${sqlText(file)}`))[0]?.n)
  })
})

async function exportTo1(capture: string, file: string): Promise<void> {
  await exportTo(await openTrace(capture), { parquet: file })
}

test('of several hosts has the name of the host of each event', async () => {
  const [web, shell] = ['web', 'shell'].map((name) => `${captures}${name}.ksys`) as [string, string]
  ksys(['merge', web, shell, '-w', path('both.ksys')])
  const csv = path('both.csv')
  await exportTo(await openTrace(path('both.ksys')), { parquet: path('both.parquet'), csv }, '*%host.name %proc.name')
  const expected = csvObjects(readFileSync(csv, 'utf8'))
  const rows = await sql(`select host_name, proc_name from ${sqlText(path('both.parquet'))}`)
  expect(new Set(rows.map((r) => r.host_name)).size).toBe(2)
  expect(rows.map((r) => [r.host_name, r.proc_name])).toEqual(expected.map((r) => [r['host.name'], r['proc.name']]))
})

test('is not much larger than its capture', async () => {
  await exportTo1(`${captures}web.ksys`, path('small.parquet'))
  expect(statSync(path('small.parquet')).size).toBeLessThan(4 * statSync(`${captures}web.ksys`).size)
})

/** Writes hand-made events of a shell. */
function parquet(rows: readonly RowSpec[], file: string): void {
  const ctx = context()
  ctx.state.load(shellState())
  const made = parquetExport({ line: '', program: 'ksys' })
  made.start(ctx)
  walk(rows, ctx, (e) => made.show(e))
  made.end()
  made.finish?.()
  writeFileSync(file, made.out.view())
}

const open = (name: string): RowSpec => ({
  type: 'openat',
  ret: 3,
  tid: 100,
  params: { fd: 3, dirfd: -100, name, flags: 0, mode: 0 },
})

test('has every name escaped as in lines, in a cell, in the map and in JSON', async () => {
  const names = [
    "/it's",
    '/"quoted"',
    '/back\\slash',
    '/nul\0',
    '/esc\x1b[2J',
    '/line\nbreak',
    '/bad\udcff',
    '/é😀',
    '/=, "x":1}',
  ]
  parquet(names.map(open), path('names.parquet'))
  const rows = await sql(
    `select fd_name, evt_args['name'] as name, evt_args_json, evt_args_json::json->>'name' as inside
     from ${sqlText(path('names.parquet'))}`,
  )
  const shown = names.map(escapeText)
  expect(rows.map((r) => r.fd_name)).toEqual(shown)
  expect(rows.map((r) => r.name)).toEqual(shown)
  expect(rows.map((r) => r.inside)).toEqual(shown)
  for (const { evt_args_json: json } of rows) expect(json).not.toMatch(/[\0-\x1f]/)
})

test('has absent arguments neither in the map nor in JSON', async () => {
  parquet([open('NULL'), { ...open('x'), params: { fd: 3, name: undefined } }], path('absent.parquet'))
  const rows = await sql(
    `select evt_args['name'] as name, evt_args_json::json->>'name' as inside, map_keys(evt_args) as keys
     from ${sqlText(path('absent.parquet'))}`,
  )
  expect(rows.map((r) => [r.name, r.inside])).toEqual([
    ['NULL(/home/NULL)', 'NULL(/home/NULL)'],
    [null, null],
  ])
  expect(String(rows[1]?.keys)).not.toContain('name')
})

test('has changes of a thread from their event on', async () => {
  const pid = (params: RowSpec['params'], type: string): RowSpec => ({ type, ret: 0, tid: 100, params })
  const rows = [open('/a'), pid({ path: '/srv' }, 'chdir'), open('/b'), pid({ uid: 7 }, 'setuid'), open('/c')]
  parquet(rows, path('becomes.parquet'))
  const found = await sql(`select evt_type, proc_cwd, user_uid from ${sqlText(path('becomes.parquet'))}`)
  const ctx = context()
  ctx.state.load(shellState())
  const wanted: unknown[] = []
  const [cwd, uid] = ['proc.cwd', 'user.uid'].map((field) => registry.find(field).def.make(ctx, undefined))
  walk(rows, ctx, (e) => wanted.push([e.def.name, cwd?.(e), BigInt(uid?.(e) as number)]))
  expect(found.map((r) => [r.evt_type, r.proc_cwd, r.user_uid])).toEqual(wanted)
  expect(new Set(found.map((r) => r.proc_cwd)).size).toBe(2)
})

test('has correct times for captures of any length and with late records', async () => {
  const DAY = 86_400e9
  const times = [0, 5, 20 * DAY, 20 * DAY - 3, 100 * DAY + 1, -2 * DAY, 101 * DAY]
  parquet(
    times.map((time): RowSpec => ({ type: 'getppid', ret: 1, tid: 100, time, params: {} })),
    path('long.parquet'),
  )
  const found = await sql(`select epoch_us(evt_time) as us from ${sqlText(path('long.parquet'))}`)
  const start = BigInt(info.startSec) * 1_000_000_000n + BigInt(info.startNsec)
  expect(found.map((r) => r.us)).toEqual(times.map((t) => (start + BigInt(t)) / 1000n))
})
