// Modified traces: nothing throws except TraceError, hangs, or delivers rows that point outside of their arena, and state and lines
// computed from the rows are valid, too. KSYS_FUZZ_ROUNDS=1000000 takes less than an hour of one core.
// The C++ decoder alone is tested by trace-block.sh, under the sanitizers.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { registry } from '../../src/fields/index.js'
import { compileJson } from '../../src/format/template/json.js'
import { compileTemplate } from '../../src/format/template/template.js'
import { type EventBatch, rowEnd } from '../../src/model/batch.js'
import { Event } from '../../src/model/event.js'
import { ByteWriter } from '../../src/render/bytes/byte-writer.js'
import { CODE_LIMIT } from '../../src/schema/codes.js'
import { EVENTS, LAYOUTS } from '../../src/schema/events/index.js'
import type { BlockSummary } from '../../src/source/summary.js'
import { State } from '../../src/state/state.js'
import { TraceError, TraceSource } from '../../src/trace/index.js'
import { random } from '../unit/scap/synthesize.js'
import { ChangedTraces, type Roll } from './changed-trace.js'
import { SEED } from './damage.js'

const ROUNDS = Number(process.env.KSYS_FUZZ_ROUNDS ?? 1500)
/** The number of parallel rounds: while one waits for a thread, others continue. */
const TOGETHER = 8
/** One in this number of rounds prints lines of the rows. */
const PRINTED = 16
const LINE = '*%evt.num %evt.time %proc.name %evt.type %evt.args %fd.name %container.name %user.name'
const FORMAT = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const

// in memory, if available: half of the time would be spent on files
const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ksys-fuzz-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const traces: ChangedTraces[] = []
beforeAll(async () => {
  traces.push(...(await ChangedTraces.ofBoth(dir)))
})

/** The results of reading a trace. */
class Reading {
  rows = 0
  private readonly state: State
  private readonly e: Event
  private readonly print: ((e: Event) => void) | undefined

  constructor(
    private readonly source: TraceSource,
    printed: boolean,
  ) {
    const { defs, layouts } = source.tables ?? { defs: EVENTS, layouts: LAYOUTS }
    this.e = new Event(defs, layouts)
    this.state = new State(source.info)
    if (!printed) return
    const ctx = { info: source.info, states: [this.state], format: FORMAT }
    const to = new ByteWriter(65536)
    const templates = [compileTemplate(LINE, registry, ctx), compileJson(LINE, registry, ctx)]
    this.print = (e) => {
      for (const t of templates) t.append(to, e)
      to.clear()
    }
  }

  async run(): Promise<void> {
    this.state.load(await this.source.snapshot())
    for (let batches = 0; ; batches++) {
      const batch = await this.source.next()
      if (batch === undefined) return
      if (batches > 10) throw new Error('reading does not end')
      if (batch.resync !== undefined) this.state.load(batch.resync)
      this.take(batch)
    }
  }

  private take(batch: EventBatch): void {
    const { e } = this
    for (let i = 0; i < batch.count; i++) {
      const end = rowEnd(batch, i)
      if (batch.type[i]! >= CODE_LIMIT || batch.argOff[i]! > end || end > batch.arenaBytes)
        throw new Error('a row leads out of its arena')
      e.moveTo(batch, i)
      for (let p = 0; p < e.def.params.length; p++) if (e.bytes(p) === undefined) e.number(p)
      this.state.apply(e)
      this.print?.(e)
      this.rows++
    }
  }
}

/** The number of rows from a modified trace. */
async function round(path: string, roll: Roll, printed: boolean): Promise<number> {
  writeFileSync(path, await traces[roll(traces.length)]!.make(roll))
  const pruned = roll(2) === 0
  const ofAnyProcess = new Uint8Array(CODE_LIMIT)
  const containers = { report: () => undefined, texts: () => ['cat'] }
  const search = {
    texts: ['cat'],
    ports: [80],
    threads: roll(2) === 0,
    naming: ofAnyProcess.map(() => 1),
    ofAnyProcess,
  }
  const processes = [
    { passing: (s: BlockSummary) => s.tids, ofAnyProcess },
    roll(2) === 0 ? search : { ...search, containers },
    undefined,
  ][roll(3)]
  const minLatency = new Float64Array(CODE_LIMIT).fill([0, 500, 1e6][roll(3)]!)
  const bounds = { minLatency, outcome: ofAnyProcess.map(() => roll(3)) }
  const idle = roll(2) === 0 ? { types: ofAnyProcess, bounds } : undefined
  const source = await TraceSource.open(
    path,
    pruned ? { relevant: () => ({ blocks: (s) => (s.tids?.size ?? 0) % 2 === 0, idle, processes }) } : {},
  ).catch((e) => {
    if (e instanceof TraceError) return undefined
    throw e
  })
  if (source === undefined) return 0
  try {
    if (!pruned && roll(2) === 0) await source.overview(() => undefined)
    const reading = new Reading(source, printed)
    await reading.run()
    return reading.rows
  } finally {
    await source.close()
  }
}

test('modified traces neither break the reader nor deliver rows that point outside of their arena', {
  timeout: 120_000 + ROUNDS * 20,
}, async () => {
  let next = 0
  let rows = 0
  const lane = async (path: string) => {
    while (next < ROUNDS) {
      const n = next++
      const dice = random(SEED + n * 7919)
      rows += await round(path, (limit) => Math.floor(dice() * limit), n % PRINTED === 0).catch((cause) => {
        throw new Error(`round ${n} of KSYS_FUZZ_SEED=${SEED}`, { cause })
      })
    }
  }
  await Promise.all(Array.from({ length: TOGETHER }, (_, i) => lane(join(dir, `changed-${i}.ksys`))))
  expect(rows).toBeGreaterThan(ROUNDS)
})
