// The rows of a view without the UI: a plain pipeline over the file, and the aggregation engine or the fields themselves.

import { registry } from '../../src/fields/index.js'
import { checkFilter, compileChecked } from '../../src/filter/index.js'
import type { Event } from '../../src/model/event.js'
import { type BatchNs, batchNs } from '../../src/model/time.js'
import { openTrace } from '../../src/run/file-kinds.js'
import { Loop } from '../../src/run/loop.js'
import { State } from '../../src/state/state.js'
import { cellText, compileTable, joinFilters, Table } from '../../src/table/index.js'
import type { View } from '../../src/views/define.js'

export interface EngineRows {
  readonly titles: readonly string[]
  /** cells as text, in the engine's order */
  readonly rows: readonly (readonly string[])[]
  /** index of the column that they are sorted by; undefined if they are events in their order */
  readonly sorted: number | undefined
}

const HOST_ONLY = { containers: false }

/** Reads a file of the host's own processes for a view and a filter. */
export async function engineRows(file: string, view: View, filter = ''): Promise<EngineRows> {
  const source = await openTrace(file)
  try {
    const state = new State(source.info)
    const first = { time: undefined as BatchNs | undefined }
    const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
    const ctx = { info: source.info, states: [state], first, format }
    const run = async (show: (e: Event) => void) => {
      const pipeline = new Loop({ source, states: [state], first, predicate: undefined, sinks: [{ show }] })
      await pipeline.run(await source.snapshot())
      return pipeline.lastTime
    }
    if (view.spectrogram !== undefined) throw new Error(`${view.id} has no rows of the engine's`)
    if (view.table === undefined) {
      const both = joinFilters(filter, view.list.filter)
      const passes = both === undefined ? () => true : compileChecked(checkFilter(both, registry), ctx).test
      const { columns } = compileTable({ keys: ['evt.num'], columns: view.list.columns }, HOST_ONLY)
      const getters = columns.map((c) => c.use.def.make(ctx, c.use.arg))
      const rows: string[][] = []
      await run((e) => {
        if (passes(e)) rows.push(columns.map((c, i) => cellText(getters[i]?.(e), c)))
      })
      return { titles: columns.map((c) => c.title), rows, sorted: undefined }
    }
    const compiled = compileTable(view.table, { ...HOST_ONLY, filter })
    const table = new Table(compiled, ctx)
    if (view.inFlight) state.onInFlight = (call) => table.add(call)
    const last = await run(view.inFlight === 'only' ? () => {} : (e) => table.add(e))
    table.sample(state, batchNs(last))
    const rows = table.read(Math.max(1, last - (first.time ?? last)))
    return {
      titles: compiled.columns.map((c) => c.title),
      rows: rows.map((r) => r.cells.map((v, i) => cellText(v, compiled.columns[i] ?? {}))),
      sorted: compiled.sort.column,
    }
  } finally {
    await source.close()
  }
}
