// The rows of a view that is a table, in a small world.
import { batchNs } from '../../../src/model/time.js'
import { compileTable, Table } from '../../../src/table/index.js'
import type { View } from '../../../src/views/define.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context } from '../fields/evaluate.js'
import { info, type World } from '../state/world.js'

/**
 * Cells by title, of each row: over one second with these rows, calls in flight included, and of
 * the threads in their state at its end.
 */
export function rowsOf(view: View, world: World, rows: readonly RowSpec[], filter?: string): Record<string, unknown>[] {
  if (view.table === undefined) throw new Error(`${view.id} is a list`)
  const ctx = { ...context(), info, state: world.state }
  const compiled = compileTable(view.table, { containers: true, pods: true, filter })
  const table = new Table(compiled, ctx)
  table.prime(world.state, batchNs(0))
  world.state.onInFlight = (e) => table.add(e)
  world.play(rows, (e) => table.add(e))
  table.sample(world.state, batchNs(1e9))
  return table.read(1e9).map((r) => Object.fromEntries(compiled.columns.map((c, i) => [c.title, r.cells[i]])))
}
