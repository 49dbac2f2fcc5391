// Two million calls in typed columns: DuckDB gives the same results from them as ksys from the trace, and memory stays within its limit.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { columnOf, readArrow } from '../helpers/arrow.js'
import { duckdb, sqlText } from '../helpers/duckdb.js'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const MB = 1 << 20
const MOST_MEMORY = 300 * MB
/** The number of calls that are read back as Arrow. */
const SOME = 600_000
/** Half of them reads, half writes; next to them programs that open existing and missing files. */
const LOAD = `dd if=/dev/zero of=/dev/null bs=16 count=1000000 2>/dev/null
  for i in 1 2 3; do ls -lR /etc >/dev/null; cat /nowhere /etc/passwd; find /usr/include -name 'sys*' >/dev/null; done`

/** Runs ksys to its end; returns the maximum of its memory, in bytes. */
async function memoryOf(...args: string[]): Promise<number> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  let most = 0
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      most = Math.max(most, Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) * 1024)
    } catch {
      // it has exited
    }
  }, 50)
  const code = await new Promise((done) => child.on('close', done))
  clearInterval(look)
  expect(code).toBe(0)
  return most
}

describe.skipIf(!privileged())('two million calls', () => {
  const dir = scratchDir('columns')
  const [trace, parquet, arrow] = ['x.ksys', 'x.parquet', 'x.arrows'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ]
  const sql = duckdb()
  const table = (chisel: string) =>
    (JSON.parse(ksys(['-r', trace, '-j', '-c', chisel]).stdout) as { data: unknown[][] }).data
  const query = async (what: string) =>
    (await sql(`${what} from ${sqlText(parquet)} group by all`)).map((row) => Object.values(row))

  beforeAll(async () => {
    expect(ksys(['-w', trace, '--', 'sh', '-c', LOAD], { seconds: 100 }).stderr).not.toMatch(/lost/)
    expect(await memoryOf('-r', trace, '-w', parquet)).toBeLessThan(MOST_MEMORY)
  })

  test('are complete, by type', async () => {
    const counts = table('topscalls')
    expect(counts.reduce((sum, [, n]) => sum + Number(n), 0)).toBeGreaterThan(2_000_000)
    const found = new Map((await query('select evt_type, count(*)::int')).map(([type, n]) => [type, n]))
    for (const [type, n] of counts) expect([type, found.get(type as string)]).toEqual([type, n])
  })

  test('have the errors of each process, and the bytes of each file', async () => {
    const errors = new Map(
      (await query('select proc_pid::int, count(*) filter (evt_failed)::int')).map(([pid, n]) => [pid, n]),
    )
    const failing = table('topprocs_errors')
    expect(failing.length).toBeGreaterThan(2)
    for (const [name, pid, n] of failing) expect([name, errors.get(pid as number)]).toEqual([name, n])
    const bytes = new Map(
      (
        await query(
          `select fd_name, sum(evt_buflen) filter (evt_io_dir is not null and evt_buflen > 0 and fd_type = 'file')::bigint`,
        )
      ).map(([name, n]) => [name, n]),
    )
    for (const [name, n] of table('topfiles_bytes'))
      expect([name, bytes.get(name as string)]).toEqual([name, BigInt(n as number)])
  })

  test('fit into memory as Arrow, too, and are complete', async () => {
    expect(await memoryOf('-r', trace, '-w', arrow, '-n', String(SOME))).toBeLessThan(MOST_MEMORY)
    const { batches } = readArrow(readFileSync(arrow))
    expect(batches.reduce((n, b) => n + b.numRows, 0)).toBe(SOME)
    const sum = (columnOf(batches, 'evt_latency_ns') as (bigint | null)[]).reduce<bigint>((n, v) => n + (v ?? 0n), 0n)
    const [row] = await sql(
      `select sum(evt_latency_ns)::bigint as sum from (from ${sqlText(parquet)} order by evt_num limit ${SOME})`,
    )
    expect(sum).toBe(row?.sum)
  })
})
