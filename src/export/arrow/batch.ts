// The values of a row group in Arrow's memory layout: for each column an array, and a bitmap of the values that are present.
import { type Data, type DataType, type Int, makeData, type Schema, Struct } from 'apache-arrow'
import { Arguments } from '../columns/arguments.js'
import { NumberColumn } from '../columns/number-column.js'
import type { GatheredColumn, RowGroup } from '../columns/row-group.js'
import { jsonData, mapData } from './arguments.js'
import { Int64s } from './int64.js'
import type { MapType, TextType } from './schema.js'
import { Valid } from './texts.js'
import { tupleData } from './tuples.js'

/** All rows of a group, with the types of the schema. */
export function batchData(schema: Schema, { rows, columns }: RowGroup): Data<Struct> {
  const children = columns.map((c, i) => columnData(c, schema.fields[i]?.type))
  return makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children })
}

function columnData({ declared, values }: GatheredColumn, type: DataType): Data {
  if (values instanceof NumberColumn) return numberData(values, type)
  if (!(values instanceof Arguments)) return tupleData(values, type)
  return declared.type === 'map' ? mapData(values, type as MapType) : jsonData(values, type as TextType)
}

/** A column with a number for each row. */
function numberData({ values, exact, rows, base, size }: NumberColumn, type: DataType): Data {
  const valid = new Valid(rows)
  const small = size === 4 ? new Int32Array(rows) : undefined
  const large = new Int64s(small === undefined ? rows : 0, base)
  for (let i = 0; i < rows; i++) {
    const v = values[i] as number
    if (Number.isNaN(v)) valid.absent(i, 1)
    else if (small !== undefined) small[i] = v
    else large.set(i, v)
  }
  for (const [i, v] of exact) large.setAny(i, v)
  return makeData({ type: type as Int, data: small ?? large.array, ...valid.layout })
}
