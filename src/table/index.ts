// The module's public interface.
export { cellText, percentOf } from './cell.js'
export {
  type CompiledColumn,
  type CompiledTable,
  compileTable,
  groupsOf,
  type Inside,
  isShown,
  joinFilters,
  keysOf,
  shownOf,
  type TableOptions,
} from './compile.js'
export { StateCursor } from './state-cursor.js'
export { MAX_ROWS, Table } from './table.js'
export type { Aggregation, Cell, Column, TableDef, Unit } from './types.js'
