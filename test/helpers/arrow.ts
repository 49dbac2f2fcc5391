// Streams of Arrow IPC as Apache's own reader has them, with a zstd that is not ksys's.
import { CompressionType, compressionRegistry, type RecordBatch, RecordBatchReader, type Schema } from 'apache-arrow'
import { decompress } from 'fzstd'

/** The schema, and the record batches. */
export function readArrow(bytes: Uint8Array): { schema: Schema; batches: RecordBatch[] } {
  compressionRegistry.set(CompressionType.ZSTD, { decode: (data) => decompress(data).slice() })
  const reader = RecordBatchReader.from(bytes).open()
  const { schema } = reader
  return { schema, batches: [...reader] }
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
