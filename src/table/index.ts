// The room's public surface.
export { cellText, percentOf } from './cell.js'
export {
  type CompiledColumn,
  type CompiledTable,
  compileTable,
  type Inside,
  isShown,
  joinFilters,
  keysOf,
  type TableOptions,
} from './compile.js'
export { StateCursor } from './state-cursor.js'
export { MAX_ROWS, Table } from './table.js'
export type { Aggregation, Cell, Column, TableDef, TableRow, Unit } from './types.js'
