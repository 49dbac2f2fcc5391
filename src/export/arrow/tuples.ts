// Columns that are looked up by tuples: a row has the value of its tuple.
import { type Data, type DataType, type Int, makeData } from 'apache-arrow'
import { Numbers, Texts } from '../columns/dictionary.js'
import { NONE, type TupleColumn } from '../columns/tuple-column.js'
import { Int64s } from './int64.js'
import type { TextType } from './schema.js'
import { textData, Valid } from './texts.js'

export function tupleData(column: TupleColumn, type: DataType): Data {
  const { dictionary, tuples } = column
  const rows = tuples.rows.length
  const valid = new Valid(rows)
  if (dictionary instanceof Texts) {
    const places = new Int32Array(rows)
    eachRun(column, valid, (from, n, place) => places.fill(place, from, from + n))
    return textData(type as TextType, places, dictionary, valid)
  }
  const data =
    dictionary instanceof Numbers
      ? numbers(column, dictionary, valid)
      : bits(column, new Uint8Array((rows + 7) >> 3), valid)
  // numbers, bits and times are passed in the same way
  return makeData({ type: type as Int, data, ...valid.layout })
}

/** Calls `visit` for each run of rows [from, from + n) with the index of their value in the dictionary; marks other rows absent. */
function eachRun(
  { places, tuples }: TupleColumn,
  valid: Valid,
  visit: (from: number, n: number, place: number) => void,
): void {
  tuples.rows.each((from, n, tuple) => {
    const place = places[tuple] as number
    if (place === NONE) valid.absent(from, n)
    else visit(from, n, place)
  })
}

function numbers(column: TupleColumn, { list, size }: Numbers, valid: Valid): Int32Array | BigInt64Array {
  const rows = column.tuples.rows.length
  if (size === 4) {
    const small = new Int32Array(rows)
    eachRun(column, valid, (from, n, place) => small.fill(Number(list[place]), from, from + n))
    return small
  }
  const different = new Int64s(list.length)
  for (const [i, v] of list.entries()) different.setAny(i, v)
  const large = new Int64s(rows)
  eachRun(column, valid, (from, n, place) => large.copy(from, n, different, place))
  return large.array
}

/** Booleans as a bitmap, lowest bit first. */
function bits(column: TupleColumn, data: Uint8Array, valid: Valid): Uint8Array {
  eachRun(column, valid, (from, n, yes) => {
    if (yes) for (let i = from; i < from + n; i++) data[i >> 3]! |= 1 << (i & 7)
  })
  return data
}
