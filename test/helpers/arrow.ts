// Arrow IPC streams as Apache's own reader reads them, with a zstd other than that of ksys.
import {
  CompressionType,
  compressionRegistry,
  type Data,
  MessageReader,
  type RecordBatch,
  RecordBatchReader,
  type Schema,
} from 'apache-arrow'
import * as metadata from 'apache-arrow/ipc/metadata/message'
import { decompress } from 'fzstd'

/** The schema, and the record batches. Throws if a buffer has another length than the one before it, with which others allocate memory,
 * or if a dictionary has a value twice, which ClickHouse refuses. */
export function readArrow(bytes: Uint8Array): { schema: Schema; batches: RecordBatch[] } {
  checkLengths(bytes)
  compressionRegistry.set(CompressionType.ZSTD, { decode: (data) => decompress(data).slice() })
  const reader = RecordBatchReader.from(bytes).open()
  const { schema } = reader
  const batches = [...reader]
  for (const batch of batches)
    for (const [i, column] of batch.data.children.entries()) checkValues(schema.fields[i]?.name, column)
  return { schema, batches }
}

/** The values of a column: numbers of 64 bits and times (ns) are bigint, absent ones null, maps lists of their entries. */
export function columnOf(batches: readonly RecordBatch[], name: string): unknown[] {
  return batches.flatMap((batch) => {
    const column = batch.getChild(name)
    if (column === null) throw new Error(`no column is called ${name}`)
    const [data] = column.data
    const whole = data?.values instanceof BigInt64Array ? data.values : undefined
    return Array.from({ length: batch.numRows }, (_, i) => {
      if (!column.isValid(i)) return null
      if (whole !== undefined) return whole[i]
      const value: unknown = column.get(i)
      return value !== null && typeof value === 'object' ? [...(value as Iterable<[string, string]>)] : value
    })
  })
}

function checkValues(name: string | undefined, column: Data): void {
  const values = column.dictionary === undefined ? [] : [...(column.dictionary as Iterable<unknown>)]
  if (new Set(values).size < values.length) throw new Error(`a dictionary of ${name} has a value twice`)
  for (const child of column.children) checkValues(name, child)
}

function checkLengths(bytes: Uint8Array): void {
  const messages = new MessageReader(bytes)
  for (const message of messages) {
    const body = messages.readMessageBody(message.bodyLength)
    const header: unknown = message.header()
    const batch = header instanceof metadata.DictionaryBatch ? header.data : header
    if (!(batch instanceof metadata.RecordBatch)) continue
    for (const { offset, length } of batch.buffers) {
      if (length === 0) continue
      const declared = Number(new DataView(body.buffer, body.byteOffset + offset).getBigInt64(0, true))
      const found = declared < 0 ? -1 : decompress(body.subarray(offset + 8, offset + length)).length
      if (declared !== found) throw new Error(`a buffer of ${found} bytes is said to have ${declared}`)
    }
  }
}
