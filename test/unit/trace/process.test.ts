// The built command as a writer of traces that is killed, or whose disk fills up.
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { TraceSource, TraceWriter } from '../../../src/trace/index.js'
import { main, privileged } from '../../helpers/ksys.js'
import { makeBatch } from '../../helpers/rows.js'
import { INFO, NOTHING, readAll, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()
const input = at('input.ksys')
const ROWS = 240_000
const BLOCKS = 24
let halfway = 0

beforeAll(async () => {
  const writer = await TraceWriter.open(input, { info: INFO, existing: NOTHING })
  for (let k = 0; k < BLOCKS; k++) {
    if (k === BLOCKS / 2) halfway = writer.size
    await writer.write(makeBatch(someRows(ROWS / BLOCKS, k + 1)))
    await writer.flush()
  }
  await writer.close({ events: ROWS, lost: 0, late: 0 })
})

/** The rows that can currently be read from a trace, and the reported damage. */
async function readable(path: string) {
  const source = await TraceSource.open(path)
  const rows = await readAll(source)
  await source.close()
  return { rows: rows.length, told: source.damage.map((d) => d.what) }
}

test('kill -9 of the writer leaves a trace with everything older than a second', async () => {
  const path = at('killed.ksys')
  const child = spawn(process.execPath, [main, '-r', '-', '-w', path], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.on('error', () => undefined)
  child.stdin.write(readFileSync(input).subarray(0, halfway))
  let found = 0
  for (let tries = 0; tries < 200 && found < ROWS / 2; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    found = await readable(path).then(
      (r) => r.rows,
      () => 0,
    )
  }
  child.kill('SIGKILL')
  await new Promise((resolve) => child.on('exit', resolve))
  const { rows, told } = await readable(path)
  expect(rows).toBe(ROWS / 2)
  expect(told).toEqual([expect.stringMatching(/no end: it was cut, or its writer was killed/)])
})

test.runIf(privileged())(
  'a disk that fills up ends the writer with an error; what was written is readable',
  async () => {
    const path = at('kept.ksys')
    const script = `mount -t tmpfs -o size=1m none "$1" && "$2" "$3" -r "$4" -w "$1/full.ksys"; code=$?
    cp "$1/full.ksys" "$5"; exit $code`
    const dir = at('.')
    const copy = `${input}.copy`
    copyFileSync(input, copy)
    const bytes = readFileSync(copy).length
    expect(bytes).toBeGreaterThan(1_100_000)
    const mountPoint = '/mnt'
    const r = spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', mountPoint, process.execPath, main, copy, path], {
      encoding: 'utf8',
      cwd: dir,
    })
    expect(r.stderr).toMatch(
      /full.ksys cannot be written any further: the disk is full; the first \d+ bytes are readable/,
    )
    expect(r.status).toBe(6)
    const { rows, told } = await readable(path)
    expect(rows).toBeGreaterThan(0)
    expect(rows).toBeLessThan(ROWS)
    expect(told).toEqual([expect.stringMatching(/no end/)])
  },
)
