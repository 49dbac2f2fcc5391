// Columns as sent to the UI, and which of them exist.
import { registry } from '../../fields/index.js'
import type { FieldUse } from '../../fields/registry.js'
import type { CompiledColumn } from '../../table/index.js'
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
