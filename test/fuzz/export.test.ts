// Modified traces as files for other tools: nothing throws or hangs, and the output can be read by strict readers.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvLine } from '../../src/export/csv/columns.js'
import { csvExport } from '../../src/export/csv/csv.js'
import { EXPORT_FORMATS } from '../../src/export/formats.js'
import type { Event } from '../../src/model/event.js'
import { Loop } from '../../src/run/loop.js'
import { statesOf } from '../../src/state/state.js'
import { TraceError, TraceSource } from '../../src/trace/index.js'
import { readCsv } from '../helpers/csv.js'
import { duckdb } from '../helpers/duckdb.js'
import { readLogs } from '../helpers/otlp.js'
import { cellsOf, csvCells, PLAIN_LINE } from '../helpers/parquet-cells.js'
import { readPcapng } from '../helpers/pcapng.js'
import { readPerfetto } from '../helpers/perfetto.js'
import { random } from '../unit/scap/synthesize.js'
import { ChangedTraces } from './changed-trace.js'
import { SEED, TIMES } from './damage.js'

const ROUNDS = 150 * TIMES
const FORMAT = { timeStyle: 'h', buffer: 'dots', fullBuffers: true, resolvePorts: false, columns: 80 } as const
const sql = duckdb()
const READERS: Readonly<Record<string, (file: Buffer, beside: Buffer) => unknown>> = {
  csv: (file) => readCsv(file.toString()),
  perfetto: readPerfetto,
  pcapng: readPcapng,
  parquet: async (file, beside) => {
    const path = join(dir, 'changed.parquet')
    writeFileSync(path, file)
    const rows = await sql(`select * from '${path}'`)
    const expected = csvCells(beside.toString())
    expect(rows.length).toBe(expected.length)
    for (const [i, row] of rows.entries()) expect(cellsOf(row)).toEqual(expected[i])
  },
}

const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ksys-fuzz-export-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const traces: ChangedTraces[] = []
beforeAll(async () => {
  traces.push(...(await ChangedTraces.ofBoth(dir)))
})

/** Writes a modified trace in a format; returns the events that were in it. */
async function round(n: number): Promise<number> {
  const dice = random(SEED + n * 7919)
  const roll = (limit: number) => Math.floor(dice() * limit)
  const path = join(dir, 'changed.ksys')
  writeFileSync(path, await traces[roll(traces.length)]!.make(roll))
  const source = await TraceSource.open(path).catch((e) => {
    if (e instanceof TraceError) return undefined
    throw e
  })
  if (source === undefined) return 0
  const format = EXPORT_FORMATS[n % EXPORT_FORMATS.length]!
  const made = (await format.load())({ line: csvLine(undefined, false) as string, program: 'ksys' })
  // each cell separately
  const beside = csvExport({ line: PLAIN_LINE, program: 'ksys' })
  try {
    const states = statesOf(source)
    const ctx = { info: source.info, states, format: FORMAT }
    const begin = () => {
      made.start(ctx)
      beside.start(ctx)
    }
    const show = (e: Event) => {
      made.show(e)
      beside.show(e)
    }
    const sink = { begin, show, end: () => made.end() }
    const pipeline = new Loop({ source, states, predicate: undefined, sinks: [sink] })
    await pipeline.run(await source.snapshot())
    made.finish?.()
    await READERS[format.name]?.(Buffer.from(made.out.view()), Buffer.from(beside.out.view()))
    for (const { body, records } of made.take?.(true) ?? []) expect(readLogs(Buffer.from(body))).toHaveLength(records)
    return pipeline.seen
  } finally {
    await source.close()
  }
}

test('modified traces become complete files', { timeout: 120_000 }, async () => {
  let seen = 0
  for (let n = 0; n < ROUNDS; n++)
    seen += await round(n).catch((cause) => {
      throw new Error(`round ${n} of KSYS_FUZZ_SEED=${SEED}`, { cause })
    })
  expect(seen).toBeGreaterThan(ROUNDS)
})
