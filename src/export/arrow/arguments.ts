// The columns of arguments: JSON text, and a map.
import { type Data, makeData } from 'apache-arrow'
import type { Arguments } from '../columns/arguments.js'
import type { MapType, TextType } from './schema.js'
import { textData } from './texts.js'

export function jsonData({ rows, jsons, json }: Arguments, type: TextType): Data {
  const places = new Int32Array(rows.length)
  rows.each((from, n, i) => places.fill(jsons[i] as number, from, from + n))
  return textData(type, places, json)
}

export function mapData(args: Arguments, type: MapType): Data {
  const { rows, firsts, counts, times, count, keyTexts, valueTexts } = args
  let entries = 0
  for (let i = 0; i < count; i++) entries += (times[i] as number) * (counts[i] as number)
  const valueOffsets = new Int32Array(rows.length + 1)
  const keys = new Int32Array(entries)
  const values = new Int32Array(entries)
  let at = 0
  rows.each((from, n, i) => {
    const first = firsts[i] as number
    const last = first + (counts[i] as number)
    for (let row = from; row < from + n; row++) {
      for (let k = first; k < last; k++) {
        keys[at] = args.keys[k] as number
        values[at++] = args.values[k] as number
      }
      valueOffsets[row + 1] = at
    }
  })
  const entry = type.childType
  const children = [textData(type.keyType, keys, keyTexts), textData(type.valueType, values, valueTexts)]
  const child = makeData({ type: entry, length: entries, nullCount: 0, children })
  return makeData({ type, length: rows.length, nullCount: 0, valueOffsets, child })
}
