// DuckDB gives the same answers from Parquet files that ksys gives from the captures.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { csvObjects } from '../../helpers/csv.js'
import { duckdb, sqlText } from '../../helpers/duckdb.js'
import { ksys, main, root } from '../../helpers/ksys.js'
import { scratch } from '../../helpers/trace.js'

const path = scratch()
const sql = duckdb()
const capture = (name: string) => `${root}captures/${name}.ksys`
/** in the order of their times */
const NAMES = ['web', 'shell', 'build'] as const

/** Runs ksys over a capture, without errors. */
function run(...args: string[]): string {
  const { code, stdout, stderr } = ksys(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

const csv = (name: string, fields: readonly string[], ...filter: string[]) =>
  csvObjects(run('-r', capture(name), '--to', 'csv', '-p', `*${fields.map((f) => `%${f}`).join(' ')}`, ...filter))

beforeAll(() => {
  for (const name of NAMES) run('-r', capture(name), '-w', path(`${name}.parquet`))
})

/** The number of occurrences of each text. */
function tally(texts: readonly (string | null | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const t of texts) counts[t ?? ''] = (counts[t ?? ''] ?? 0) + 1
  return counts
}

describe.each(NAMES)('%s', (name) => {
  const table = sqlText(path(`${name}.parquet`))

  test('a Parquet file has the same number of events of each call', async () => {
    const found = await sql(`select evt_type, count(*)::int as n from ${table} group by all`)
    expect(Object.fromEntries(found.map((r) => [r.evt_type, r.n]))).toEqual(
      tally(csv(name, ['evt.type']).map((r) => r['evt.type'])),
    )
  })

  test('a Parquet file has the same errors of each process', async () => {
    const found = await sql(
      `select proc_name || ' ' || evt_res as what, count(*)::int as n from ${table} where evt_failed group by all`,
    )
    const shown = csv(name, ['proc.name', 'evt.res'], 'evt.failed=true')
    expect(Object.fromEntries(found.map((r) => [r.what, r.n]))).toEqual(
      tally(shown.map((r) => `${r['proc.name']} ${r['evt.res']}`)),
    )
  })

  test('a Parquet file has the same 99th percentile of the latency of each call', async () => {
    const found = await sql(
      `select evt_type, quantile_disc(evt_latency_ns, 0.99)::bigint as p99 from ${table}
       where evt_latency_ns is not null group by all`,
    )
    const of = new Map<string, number[]>()
    for (const r of csv(name, ['evt.type', 'evt.latency'])) {
      if (r['evt.latency'] === null) continue
      const type = r['evt.type'] as string
      of.set(type, [...(of.get(type) ?? []), Number(r['evt.latency'])])
    }
    const p99 = (all: number[]) => all.sort((a, b) => a - b)[Math.ceil(all.length * 0.99) - 1]
    expect(Object.fromEntries(found.map((r) => [r.evt_type, Number(r.p99)]))).toEqual(
      Object.fromEntries([...of].map(([type, all]) => [type, p99(all)])),
    )
  })
})

test('a Parquet file has the bytes of each connection that topconns counts', async () => {
  const [table] = JSON.parse(`[${run('-r', capture('web'), '-j', '-c', 'topconns')}]`) as [{ data: unknown[][] }]
  const found = await sql(
    `select sum(evt_buflen)::int as bytes, fd_l4proto, fd_name from ${sqlText(path('web.parquet'))}
     where fd_sip is not null and evt_io_dir is not null and evt_buflen > 0 group by all`,
  )
  const byName = new Map(found.map((r) => [r.fd_name, r.bytes]))
  expect(table.data.length).toBeGreaterThan(0)
  for (const row of table.data) {
    const name = row.find((cell) => typeof cell === 'string' && cell.includes('->'))
    expect(row, String(name)).toContain(byName.get(name as string))
  }
})

test('files of several hosts are joined, for example for programs that run on both', async () => {
  const programs = (name: string) =>
    new Set(csv(name, ['proc.name'], 'proc.name exists').map((r) => r['proc.name'] as string))
  const [web, shell] = [programs('web'), programs('shell')]
  const both = [...web].filter((p) => shell.has(p)).sort()
  const found = await sql(
    `select distinct w.proc_name as name from ${sqlText(path('web.parquet'))} w
     join ${sqlText(path('shell.parquet'))} s using (proc_name) order by 1`,
  )
  expect(found.map((r) => r.name)).toEqual(both)
  expect(both.length).toBeGreaterThan(0)
})

test('several captures become one file, whose row groups are skipped by their statistics', async () => {
  const files = NAMES.flatMap((name) => ['-r', capture(name)])
  run(...files, '-w', path('all.parquet'))
  const table = sqlText(path('all.parquet'))
  const groups = await sql(
    `select row_group_id, row_group_num_rows as n, stats_min_value as least, stats_max_value as most
     from parquet_metadata(${table}) where path_in_schema = 'evt_time' order by 1`,
  )
  expect(groups.map((g) => g.n)).toEqual(NAMES.map((name) => BigInt(csv(name, ['evt.num']).length)))
  expect(groups.every((g) => g.least !== null && g.most !== null)).toBe(true)
  const read = async (where: string) => {
    await sql("pragma enable_profiling = 'json'")
    const [plan] = await sql(`explain analyze select count(*) from ${table} where ${where}`)
    await sql('pragma disable_profiling')
    return scanned(JSON.parse(String(plan?.explain_value)))
  }
  const all = Number(groups.reduce((sum, g) => sum + (g.n as bigint), 0n))
  const whole = await read("proc_name >= ''")
  expect(whole).toBeGreaterThanOrEqual(all)
  expect(await read("proc_name = '~ there is no such process'")).toBe(0)
  const [web] = await sql(`select epoch_us(max(evt_time)) as last from ${sqlText(path('web.parquet'))}`)
  const early = `evt_time <= make_timestamptz(${web?.last})`
  expect(await read(early)).toBeLessThan(whole)
  expect(await sql(`select count(*) as n from ${table} where ${early}`)).toEqual([{ n: groups[0]?.n }])
})

/** The number of rows that the scans of a plan have read. */
function scanned(plan: { operator_rows_scanned?: number; children?: unknown[] }): number {
  const below = (plan.children ?? []).map((child) => scanned(child as Parameters<typeof scanned>[0]))
  return (plan.operator_rows_scanned ?? 0) + below.reduce((a, b) => a + b, 0)
}

test('standard output gets the same bytes as a file', async () => {
  const child = spawn(process.execPath, [main, '-r', capture('web'), '--to', 'parquet', '-w', '-'])
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  await once(child, 'close')
  expect(Buffer.concat(parts).length).toBe(statSync(path('web.parquet')).size)
})
