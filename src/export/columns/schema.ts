// The columns with their types, which are derived from the declarations of the fields.
import type { FieldDef, FieldType } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { NAMED_COLUMNS, type NamedColumn, type Per } from './columns.js'

/** text is UTF-8; int32 and int64 are signed; timestamp is ns since the epoch, in UTC; map is from texts to texts */
export type ColumnType = 'text' | 'bool' | 'int32' | 'int64' | 'timestamp' | 'map'

export interface Column extends NamedColumn {
  readonly type: ColumnType
}

const TYPES: Readonly<Partial<Record<FieldType, ColumnType>>> = {
  string: 'text',
  ipaddr: 'text',
  fspath: 'text',
  bool: 'bool',
  int8: 'int32',
  int16: 'int32',
  int32: 'int32',
  uint8: 'int32',
  uint16: 'int32',
  port: 'int32',
  abstime: 'timestamp',
}

export const COLUMNS: readonly Column[] = NAMED_COLUMNS.map((c) => ({ ...c, type: columnType(c) }))

/** The columns whose values depend on `per`. */
export function columnsPer(per: Per): readonly Column[] {
  return COLUMNS.filter((c) => c.per === per)
}

/** The declaration of a column's field. */
export function fieldOf(field: string): FieldDef {
  return registry.find(field).def
}

function columnType({ name, field }: NamedColumn): ColumnType {
  return name === 'evt_args' ? 'map' : (TYPES[fieldOf(field).type] ?? 'int64')
}
