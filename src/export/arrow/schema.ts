// The columns as an Arrow schema.
import {
  Bool,
  type DataType,
  Dictionary,
  Field,
  Int32,
  Int64,
  Map_,
  Schema,
  Struct,
  TimestampNanosecond,
  Utf8,
} from 'apache-arrow'
import { COLUMNS, type Column } from '../columns/schema.js'

/** Texts are dictionary-encoded, since most columns have few distinct values. */
export type TextType = Dictionary<Utf8, Int32>
type EntryType = Struct<{ key: TextType; value: TextType }>
export type MapType = Map_<TextType, TextType>

/** program: name and version of the writer */
export function arrowSchema(program: string): Schema {
  let dictionaries = 0
  const text = (): TextType => new Dictionary(new Utf8(), new Int32(), dictionaries++)
  const fields = COLUMNS.map((c) => new Field(c.name, typeOf(c, text), c.per !== 'arguments'))
  return new Schema(fields, new Map([['created_by', program]]))
}

function typeOf({ type }: Column, text: () => TextType): DataType {
  switch (type) {
    case 'text':
      return text()
    case 'bool':
      return new Bool()
    case 'int32':
      return new Int32()
    case 'int64':
      return new Int64()
    case 'timestamp':
      return new TimestampNanosecond('UTC')
    case 'map':
      return mapOf(text(), text())
  }
}

function mapOf(key: TextType, value: TextType): MapType {
  const entry: EntryType = new Struct([new Field('key', key), new Field('value', value)])
  return new Map_(new Field('entries', entry))
}
