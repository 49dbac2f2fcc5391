// The end of a file: its schema, and the positions of the columns of each row group.
import { COLUMNS, type Column } from '../columns/schema.js'
import type { Chunk } from './page-writer.js'
import { describe } from './page-writer.js'
import {
  CHUNK,
  COLUMN_ORDER,
  CONVERTED,
  ELEMENT,
  FILE,
  KEY_VALUE,
  LOGICAL,
  REPETITION,
  ROW_GROUP,
  TIME_UNIT,
  TIMESTAMP,
  TYPE,
} from './spec.js'
import { Thrift } from './thrift.js'

export class Footer {
  private readonly groups = new Thrift(1 << 16)
  private count = 0
  private rows = 0
  private leaves = 0

  constructor(private readonly columns: readonly Column[] = COLUMNS) {}

  /** Adds a written row group. */
  add(chunks: readonly Chunk[], rows: number): void {
    const { groups } = this
    const [first] = chunks
    const sum = (value: (c: Chunk) => number) => chunks.reduce((n, c) => n + value(c), 0)
    groups.structItem(() => {
      groups.structs(ROW_GROUP.columns, chunks.length)
      for (const chunk of chunks)
        groups.structItem(() => {
          groups.i64(CHUNK.fileOffset, chunk.dictionaryAt ?? chunk.dataAt)
          groups.struct(CHUNK.metaData, () => describe(groups, chunk))
        })
      groups.i64(
        ROW_GROUP.bytes,
        sum((c) => c.bytes),
      )
      groups.i64(ROW_GROUP.rows, rows)
      if (first !== undefined) groups.i64(ROW_GROUP.fileOffset, first.dictionaryAt ?? first.dataAt)
      groups.i64(
        ROW_GROUP.compressedBytes,
        sum((c) => c.compressedBytes),
      )
    })
    this.count++
    this.rows += rows
    this.leaves = chunks.length
  }

  /** The footer without its length. program: name and version of the writer; facts: the file's key-value metadata */
  bytes(program: string, facts: Readonly<Record<string, string>>): Uint8Array {
    const to = new Thrift(this.groups.length + (1 << 14))
    to.i32(FILE.version, 2)
    schema(to, this.columns)
    to.i64(FILE.rows, this.rows)
    to.structs(FILE.rowGroups, this.count)
    to.bytes(this.groups.view())
    const entries = Object.entries(facts)
    to.structs(FILE.keyValues, entries.length)
    for (const [key, value] of entries)
      to.structItem(() => {
        to.string(KEY_VALUE.key, key)
        to.string(KEY_VALUE.value, value)
      })
    to.string(FILE.createdBy, program)
    const orders = this.leaves
    to.structs(FILE.columnOrders, orders)
    for (let i = 0; i < orders; i++) to.structItem(() => to.struct(COLUMN_ORDER.typeDefined, () => {}))
    to.end()
    return to.view()
  }
}

function schema(to: Thrift, columns: readonly Column[]): void {
  const maps = columns.filter((c) => c.type === 'map').length
  to.structs(FILE.schema, 1 + columns.length + 3 * maps)
  to.structItem(() => {
    to.string(ELEMENT.name, 'events')
    to.i32(ELEMENT.children, columns.length)
  })
  for (const column of columns) element(to, column)
}

function element(to: Thrift, { name, type, per }: Column): void {
  if (type === 'map') {
    map(to, name)
    return
  }
  to.structItem(() => {
    to.i32(
      ELEMENT.type,
      type === 'text' ? TYPE.BYTE_ARRAY : type === 'bool' ? TYPE.BOOLEAN : type === 'int32' ? TYPE.INT32 : TYPE.INT64,
    )
    to.i32(ELEMENT.repetition, per === 'arguments' ? REPETITION.REQUIRED : REPETITION.OPTIONAL)
    to.string(ELEMENT.name, name)
    if (type === 'text') {
      to.i32(ELEMENT.converted, CONVERTED.UTF8)
      to.struct(ELEMENT.logical, () => to.struct(LOGICAL.STRING, () => {}))
    }
    if (type === 'timestamp')
      to.struct(ELEMENT.logical, () =>
        to.struct(LOGICAL.TIMESTAMP, () => {
          to.bool(TIMESTAMP.isAdjustedToUtc, true)
          to.struct(TIMESTAMP.unit, () => to.struct(TIME_UNIT.NANOS, () => {}))
        }),
      )
  })
}

function map(to: Thrift, name: string): void {
  to.structItem(() => {
    to.i32(ELEMENT.repetition, REPETITION.REQUIRED)
    to.string(ELEMENT.name, name)
    to.i32(ELEMENT.children, 1)
    to.i32(ELEMENT.converted, CONVERTED.MAP)
    to.struct(ELEMENT.logical, () => to.struct(LOGICAL.MAP, () => {}))
  })
  to.structItem(() => {
    to.i32(ELEMENT.repetition, REPETITION.REPEATED)
    to.string(ELEMENT.name, 'key_value')
    to.i32(ELEMENT.children, 2)
  })
  for (const leaf of ['key', 'value'])
    to.structItem(() => {
      to.i32(ELEMENT.type, TYPE.BYTE_ARRAY)
      to.i32(ELEMENT.repetition, REPETITION.REQUIRED)
      to.string(ELEMENT.name, leaf)
      to.i32(ELEMENT.converted, CONVERTED.UTF8)
      to.struct(ELEMENT.logical, () => to.struct(LOGICAL.STRING, () => {}))
    })
}
