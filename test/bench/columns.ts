// npm run bench columns [CALLS]: a trace of many calls (100 million by default) as Parquet in a folder, and DuckDB's results for it
// compared with those of ksys for the trace. Only if it is named: it takes 10 minutes and 1 GB of disk.
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBConnection } from '@duckdb/node-api'
import { KSYS, loaded, startKsys, timeKsys } from './tracer.js'

const RATE = 500_000

/** Queries, each with the chisel that answers it too, whose rows begin with the keys and the number of the query's. */
const QUESTIONS = [
  ['calls by type', 'topscalls', 'select evt_type, count(*) from %s group by all'],
  [
    'errors by process',
    'topprocs_errors',
    'select proc_name, proc_pid, count(*) from %s where evt_failed group by all',
  ],
  [
    'bytes by file',
    'topfiles_bytes',
    `select fd_name, sum(evt_buflen) from %s where fd_type = 'file' and evt_io_dir is not null and evt_buflen > 0 group by all`,
  ],
] as const

/** Queries for which ksys has the result in another form; only their time is printed. */
const MORE = {
  'p99 of each call': 'select evt_type, quantile_cont(evt_latency_ns, 0.99) from %s group by all',
  'one process, by seconds': `select time_bucket(interval 1 second, evt_time), count(*) from %s where proc_name = 'load' group by all`,
  'failed opens of one second': `select * from %s where evt_type = 'openat' and evt_failed and evt_time < (select min(evt_time) + interval 1 second from %s)`,
}

/** Rows of the report: name and value. dir: a folder for files. */
export async function columns(dir: string, wanted: number): Promise<[string, string][]> {
  const trace = join(dir, 'many.ksys')
  const folder = join(dir, 'events')
  const t = await startKsys(['-q', '-w', trace], 0)
  await loaded(RATE, Math.ceil(wanted / RATE))
  await t.stop()
  const info = JSON.parse(execFileSync(process.execPath, [KSYS, 'info', '-j', trace], { encoding: 'utf8' }))
  const { events: calls, lost, bytes } = info as Record<'events' | 'lost' | 'bytes', number>
  const made = await timeKsys(['-r', trace, '--to', 'parquet', '--partition', 'host,hour', '-w', folder])
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet'))
  const size = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  const rows: [string, string][] = [
    ['recorded', `${(calls / 1e6).toFixed(1)} M calls, ${lost} lost, ${(bytes / calls).toFixed(2)} bytes per call`],
    [
      'as Parquet',
      `${(calls / made.seconds / 1e3).toFixed(0)} k calls/s, ${made.mb.toFixed(0)} MB, ${(size / calls).toFixed(2)} bytes per call, ${files.length} files${made.code === 0 ? '' : ', FAILED'}`,
    ],
  ]
  const connection = await DuckDBConnection.create()
  const ask = async (sql: string) => {
    const from = performance.now()
    const table = `read_parquet('${folder}/**/*.parquet')`
    const found = (await connection.runAndReadAll(sql.replaceAll('%s', table))).getRows()
    return { found, seconds: (performance.now() - from) / 1e3 }
  }
  for (const [what, chisel, sql] of QUESTIONS) {
    const from = performance.now()
    const printed = execFileSync(process.execPath, [KSYS, '-r', trace, '-j', '-c', chisel], { encoding: 'utf8' })
    const own = (performance.now() - from) / 1e3
    const { found, seconds } = await ask(sql)
    const key = (row: readonly unknown[], n: number) => row.slice(0, n).map(String).join('\0')
    const { data } = JSON.parse(printed) as { data: unknown[][] }
    const keys = (found[0]?.length ?? 1) - 1
    const answers = new Map(found.map((row) => [key(row, keys), String(row[keys])]))
    const differ = data.filter((row) => answers.get(key(row, keys)) !== String(row[keys]))
    const same = differ.length === 0 ? `the same ${data.length} rows` : `${differ.length} of ${data.length} rows DIFFER`
    rows.push([what, `DuckDB ${seconds.toFixed(2)} s, ksys -c ${chisel} ${own.toFixed(2)} s: ${same}`])
  }
  for (const [what, sql] of Object.entries(MORE)) rows.push([what, `DuckDB ${(await ask(sql)).seconds.toFixed(2)} s`])
  connection.closeSync()
  return rows
}
