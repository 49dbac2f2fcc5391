// The queries of docs/exports-and-fleet.md answer, each with its engine: DuckDB over files (its module for object stores is fetched from the
// network at first use), ClickHouse over an object store of this machine. Spark and Trino cannot be run here.
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pages } from '../docs/page.js'
import { duckdb } from '../helpers/duckdb.js'
import { ksys, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { clickhouse } from './clickhouse.js'
import { type ObjectStore, startMoto } from './moto.js'

const PAGE = 'docs/exports-and-fleet.md'
/** engines that cannot be run here */
const NOT_RUN = ['Spark']

interface Query {
  readonly engine: string
  readonly sql: string
}

/** The queries in the SQL blocks of the page: each after a comment that begins with its engine. */
const queries: readonly Query[] = pages()
  .filter(({ path }) => path === PAGE)
  .flatMap(({ blocks }) => blocks.filter(({ language }) => language === 'sql'))
  .flatMap(({ text }) => [...text.matchAll(/^-- (\w+).*\n([^;]+);/gm)])
  .map(([, engine = '', sql = '']) => ({ engine, sql }))

const sorted = (rows: readonly Record<string, unknown>[]): string[] =>
  rows.map((row) => Object.values(row).map(String).join(' ')).sort()

describe.runIf(process.env.KSYS_FLEET !== undefined)('queries of a fleet', () => {
  const dir = scratchDir('fleet')
  const events = join(dir, 'events')
  const inDuckdb = duckdb()
  let store: ObjectStore
  let ownRows: string[]

  beforeAll(async () => {
    const captures = ['web', 'build'].flatMap((name) => ['-r', `${root}captures/${name}.ksys`])
    expect(ksys([...captures, '--to', 'parquet', '--partition', 'host,hour', '-w', events]).code).toBe(0)
    // a host whose name is no number, beside another one
    cpSync(join(events, 'host=demo'), join(events, 'host=n1'), { recursive: true })
    store = await startMoto()
    for (const name of readdirSync(events, { recursive: true, encoding: 'utf8' }).filter((n) => n.endsWith('.parquet')))
      await store.put(`store/events/${name}`, readFileSync(join(events, name)))
    const { sql } = queries.find(({ engine }) => engine === 'ksys') as Query
    const { stdout } = ksys(['sql', '-j', sql, '-r', events])
    ownRows = sorted(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    )
  })
  afterAll(() => store?.stop())

  test('every query is for a known engine', () => {
    expect(queries.map(({ engine }) => engine)).toEqual(['ksys', 'DuckDB', 'ClickHouse', ...NOT_RUN])
    expect(ownRows.filter((row) => row.startsWith('n1 ')).length).toBeGreaterThan(10)
  })

  test('DuckDB answers as ksys does', async () => {
    const { sql } = queries.find(({ engine }) => engine === 'DuckDB') as Query
    expect(sorted(await inDuckdb(sql.replace('s3://store/events', events)))).toEqual(ownRows)
  })

  test('ClickHouse answers as ksys does', () => {
    const { sql } = queries.find(({ engine }) => engine === 'ClickHouse') as Query
    const here = sql.replace(/'https:\/\/store(\/[^']*)'/, `'${store.endpoint}/store$1', 'key', 'secret'`)
    expect(sorted(clickhouse(here))).toEqual(ownRows)
  })
})
