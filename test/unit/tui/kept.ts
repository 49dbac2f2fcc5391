// What the UI's worker answers about a capture: of its file, and of the same events kept in memory as those of a live capture are.

import { openTrace } from '../../../src/run/file-kinds.js'
import { Loop } from '../../../src/run/loop.js'
import type { Sink } from '../../../src/run/sink.js'
import { State } from '../../../src/state/state.js'
import type { MemoryBounds } from '../../../src/trace/memory-trace.js'
import type { Plan, Taken } from '../../../src/tui/worker/answer.js'
import { Past } from '../../../src/tui/worker/past.js'
import { Reading } from '../../../src/tui/worker/reading.js'
import { Ring } from '../../../src/tui/worker/ring.js'
import { type Bounds, Rings } from '../../../src/tui/worker/rings.js'

const QUIET = {
  opened: () => undefined,
  look: () => undefined,
  counted: () => undefined,
  part: () => 1,
  ended: () => undefined,
}

/** The whole answer about a file. */
export async function ofFile(file: string, plan: Plan): Promise<Taken> {
  const reading = new Reading((request) => openTrace(file, request), plan, undefined, undefined, QUIET)
  await reading.advance()
  return reading.answer?.take(reading.span, plan.most, undefined) ?? { rows: [], total: 0 }
}

/** The events of a file in memory, in parts of at most so many. */
export async function inMemory(file: string, most: number): Promise<Rings> {
  const bounds: MemoryBounds = { bytes: 64 << 20 }
  const source = await openTrace(file)
  const state = new State(source.info)
  const first = { time: undefined as number | undefined }
  const stats = () => source.stats()
  const capture = { info: { ...source.info, startBoot: 0 }, state, first, stats, now: () => 1e18 }
  const ring = Ring.open(capture as never, bounds, false, () => undefined)
  if (ring === undefined) throw new Error('the system gives no memory')
  const sink: Sink = {
    show: (e) => ring.show(e),
    batch: async (batch, keep, from, to) => {
      for (let at = from; at < to; at += most) {
        await ring.batch(batch, keep, at, Math.min(at + most, to))
        ring.begin()
      }
    },
  }
  const rings = new Rings(bounds)
  rings.add(ring)
  const begin = () => ring.begin()
  const pipeline = new Loop({ source, states: [state], first, predicate: undefined, onLoaded: begin, sinks: [sink] })
  await pipeline.run(await source.snapshot())
  await source.close()
  return rings
}

/** The whole answer about what is in memory. */
export async function ofMemory(rings: Rings, plan: Plan, bounds: Bounds = {}): Promise<Taken> {
  const past = new Past(rings, plan, bounds, () => undefined)
  await past.run()
  const taken = { rows: plan.parts?.join(past.rows) ?? past.rows, total: past.total }
  await past.stop()
  return { rows: [...taken.rows], total: taken.total }
}
