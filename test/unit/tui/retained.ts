// Results of the UI's worker for a capture: from its file, and from the same events retained in memory as in a live capture.

import type { BatchNs } from '../../../src/model/time.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { Loop } from '../../../src/run/loop.js'
import type { Sink } from '../../../src/run/sink.js'
import { State } from '../../../src/state/state.js'
import type { MemoryBounds } from '../../../src/trace/memory-trace.js'
import { CaptureWindow } from '../../../src/tui/worker/capture-window.js'
import { CaptureWindows, type PastBounds } from '../../../src/tui/worker/capture-windows.js'
import { PastRows } from '../../../src/tui/worker/past-rows.js'
import { Reading } from '../../../src/tui/worker/reading.js'
import type { RowSlice, ViewPlan } from '../../../src/tui/worker/view-plan.js'

const QUIET = {
  opened: () => undefined,
  look: () => undefined,
  counted: () => undefined,
  part: () => 1,
  ended: () => undefined,
}

/** The complete result for a file. */
export async function ofFile(file: string, plan: ViewPlan): Promise<RowSlice> {
  const reading = new Reading((request) => openTrace(file, request), plan, undefined, undefined, QUIET)
  await reading.advance()
  return reading.builder?.take(reading.span, plan.most, undefined) ?? { rows: [], total: 0 }
}

/** The events of a file in memory, in parts of limited size. */
export async function inMemory(file: string, most: number): Promise<CaptureWindows> {
  const bounds: MemoryBounds = { bytes: 64 << 20 }
  const source = await openTrace(file)
  const state = new State(source.info)
  const first = { time: undefined as BatchNs | undefined }
  const stats = () => source.stats()
  const capture = { info: { ...source.info, startBoot: 0 }, state, first, stats, now: () => 1e18 }
  const captureWindow = CaptureWindow.open(capture as never, bounds, false, () => undefined)
  if (captureWindow === undefined) throw new Error('the system gives no memory')
  const sink: Sink = {
    show: (e) => captureWindow.show(e),
    batch: async (batch, keep, from, to) => {
      for (let at = from; at < to; at += most) {
        await captureWindow.batch(batch, keep, at, Math.min(at + most, to))
        captureWindow.begin()
      }
    },
  }
  const windows = new CaptureWindows(bounds)
  windows.add(captureWindow)
  const begin = () => captureWindow.begin()
  const pipeline = new Loop({ source, states: [state], first, predicate: undefined, onLoaded: begin, sinks: [sink] })
  await pipeline.run(await source.snapshot())
  await source.close()
  return windows
}

/** The complete result for the events in memory. */
export async function ofMemory(windows: CaptureWindows, plan: ViewPlan, bounds: PastBounds = {}): Promise<RowSlice> {
  const past = new PastRows(windows, plan, bounds, () => undefined)
  await past.run()
  const taken = { rows: plan.segments?.join(past.rows) ?? past.rows, total: past.total }
  await past.stop()
  return { rows: [...taken.rows], total: taken.total }
}
