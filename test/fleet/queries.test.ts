// The queries of docs/exports-and-fleet.md answer in the databases that they are for, over files that the commands of the page write, in
// folders and in an S3 server. All answers are the same.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pages } from '../docs/page.js'
import { PageRun } from '../docs/run.js'
import { duckdb } from '../helpers/duckdb.js'
import { ksys } from '../helpers/ksys.js'
import { fillBucket } from './bucket.js'
import { clickhouse } from './clickhouse.js'
import { type Moto, startMoto } from './moto.js'
import { NOT_RUN, queriesOf } from './queries.js'

const page = pages().find((p) => p.path === 'docs/exports-and-fleet.md')
if (page === undefined) throw new Error('docs/exports-and-fleet.md is missing')
const queries = queriesOf(page)
const writing = page.blocks.filter((b) => !b.live && b.commands.some((c) => c.text.includes('--partition')))

/** what the page calls the servers of its store */
const HTTPS = 'https://s3.example.com'
const S3 = 's3://'

const run = new PageRun(page.path)
const inDuckdb = duckdb()
let moto: Moto | undefined

beforeAll(async () => {
  for (const block of writing) await run.run(block)
  const events = join(run.dir, 'events')
  // a second host, whose name a database may take for a number
  cpSync(join(events, 'host=demo'), join(events, 'host=1001'), { recursive: true })
  moto = await startMoto()
  await fillBucket(moto.endpoint, 'store', 'events', events)
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_EC2_METADATA_DISABLED: 'true',
  })
})
afterAll(async () => {
  await moto?.stop()
  run.end()
})

const endpoint = (): string => moto?.endpoint ?? ''

/** How the query of each database is run. */
const RUNS: Readonly<Record<string, (sql: string) => Promise<object[]>>> = {
  ksys: async (sql) => {
    const { stdout, stderr, code } = ksys(['sql', sql, '-r', 'events/', '-j'], { cwd: run.dir })
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
  },
  DuckDB: async (sql) => {
    if (await reachesS3()) return inDuckdb(sql)
    console.warn('DuckDB cannot load httpfs: it reads a local copy of the bucket')
    return inDuckdb(sql.replaceAll(`${S3}store/`, `${run.dir}/`))
  },
  ClickHouse: async (sql) => [...clickhouse(sql.replaceAll(HTTPS, endpoint()))],
}

/** Whether DuckDB can load its extension for S3, which it fetches from the network; then it uses the server. */
async function reachesS3(): Promise<boolean> {
  try {
    await inDuckdb('install httpfs')
    await inDuckdb('load httpfs')
  } catch {
    return false
  }
  await inDuckdb(
    `create or replace secret (type s3, key_id 'any', secret 'any', endpoint '${endpoint().replace('http://', '')}', url_style 'path', use_ssl false)`,
  )
  return true
}

/** Rows by their values: databases name the column of a count differently. */
const values = (rows: readonly object[]): string[] => rows.map((row) => Object.values(row).map(String).join(' ')).sort()

test('each query names a database that runs it here, or one of the list with a reason', () => {
  const databases = queries.map(({ database }) => database)
  expect(databases.filter((name) => !(name in RUNS || name in NOT_RUN))).toEqual([])
  expect(Object.keys({ ...RUNS, ...NOT_RUN }).filter((name) => !databases.includes(name))).toEqual([])
})

test.each(queries.filter(({ database }) => database in RUNS).map((q) => [q.database, q.sql] as const))(
  'the query of the page answers in %s: which calls fail, in which programs and on which hosts',
  async (database, sql) => {
    const rows = values((await RUNS[database]?.(sql)) ?? [])
    const expected = await inDuckdb(
      `select h.host, proc_name, evt_res, count(*) from read_parquet('${run.dir}/events/host=demo/*/*.parquet', hive_partitioning = false),
       (values ('demo'), ('1001')) h(host) where evt_failed group by all`,
    )
    expect(rows.length).toBeGreaterThan(20)
    expect(rows).toEqual(values(expected))
  },
)

test('ClickHouse takes the name of a host for a number unless its type is named, as the page says', () => {
  const files = `'${endpoint()}/store/events/host=*/hour=*/*.parquet'`
  expect(() => clickhouse(`select host from s3(${files}, 'Parquet') settings use_hive_partitioning = 1`)).toThrow(
    /Cannot convert string 'demo' to type Int64/,
  )
})
