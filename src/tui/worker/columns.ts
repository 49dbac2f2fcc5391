// Columns as sent to the UI, which of them exist, and whether containers and pods exist, whose columns have values only
// then.
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import type { FieldUse } from '../../fields/registry.js'
import { batchNs } from '../../model/time.js'
import type { State } from '../../state/state.js'
import type { CompiledColumn, Inside } from '../../table/index.js'
import { StateCursor } from '../../table/index.js'
import { columnsOf, type View } from '../../views/define.js'
import type { ColumnInfo } from './messages.js'

/** A view needs a field that no capture has; the message is a sentence. */
export class ViewError extends Error {}

/** Whether a field exists; plugins may define others. */
export function exists(field: string): boolean {
  const name = field.replace(/\[.*/, '')
  return registry.get(name) !== undefined || registry.get(name.replace(/\.[^.]*$/, '')) !== undefined
}

/** Throws ViewError if a column that is always shown has no field. */
export function checkColumns(view: View): void {
  for (const c of columnsOf(view))
    if (c.only === undefined && !exists(c.field))
      throw new ViewError(`The view ${view.name} needs ${c.field}, which this capture does not have.`)
}

export function columnInfos(columns: readonly CompiledColumn[]): ColumnInfo[] {
  const declared = columns.some((c) => c.names)
  return columns.map((c, i) => ({
    title: c.title,
    field: c.field,
    unit: c.unit,
    width: i === columns.length - 1 ? 0 : (c.width ?? 0),
    fits: c.fits === true,
    names: declared ? c.names === true : i === columns.length - 1,
    only: c.only,
    yields: c.yields ?? 0,
    right: isNumber(c.use, c),
    doc: c.doc ?? c.use.def.doc,
  }))
}

const TEXTUAL = new Set(['string', 'bytebuf', 'ipaddr', 'ipnet', 'fspath', 'bool', 'abstime', 'dynamic', 'errno'])

function isNumber(use: FieldUse, c: CompiledColumn): boolean {
  return c.unit !== 'text' || !(TEXTUAL.has(use.type) || use.def.list === true || use.multi)
}

/** Whether any thread of a state is in a container or pod, including threads that have just ended. */
export function insideOf(state: State, ctx: FieldContext): Required<Pick<Inside, 'containers' | 'pods'>> {
  const podOf = registry.find('k8s.pod.name').def.make(ctx, undefined)
  const cursor = new StateCursor()
  const seen = new Set<unknown>()
  let pods = false
  for (const threads of [state.threads.values(), state.table.exited()])
    for (const t of threads) {
      if (t.container === undefined || seen.has(t.container)) continue
      seen.add(t.container)
      pods ||= podOf(cursor.at(state, t, undefined, batchNs(0))) !== undefined
    }
  return { containers: seen.size > 0, pods }
}
