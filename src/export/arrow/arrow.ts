// A stream of Arrow IPC: a record batch for each row group, preceded by its dictionaries of texts.
import { CompressionType, compressionRegistry, RecordBatch, RecordBatchStreamWriter } from 'apache-arrow'
import type { BinaryBuffer } from '../binary-buffer.js'
import { GroupedExport } from '../columns/grouped-export.js'
import type { Export, ExportChoice } from '../format.js'
import { zstd } from '../zstd.js'
import { batchData } from './batch.js'
import { arrowSchema } from './schema.js'

/** Writes a stream of Arrow IPC. */
export function arrowExport({ program }: ExportChoice): Export {
  return new Arrow(program)
}

class Arrow extends GroupedExport {
  private readonly schema
  private readonly writer

  constructor(program: string) {
    super()
    compressionRegistry.set(CompressionType.ZSTD, { encode: zstd })
    this.schema = arrowSchema(program)
    this.writer = new Writer(this.out)
    // the schema comes first, even if no events follow
    this.writer.reset(undefined, this.schema)
  }

  protected writeGroup(): void {
    this.writer.write(new RecordBatch(this.schema, batchData(this.schema, this.group)))
  }

  finish(): void {
    this.writer.finish()
  }
}

/** The library's writer, which writes to our buffer instead of a queue. */
class Writer extends RecordBatchStreamWriter {
  constructor(private readonly to: BinaryBuffer) {
    super({ autoDestroy: false, compressionType: CompressionType.ZSTD })
  }

  protected override _write(chunk: ArrayBufferView): this {
    this.to.bytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    return this
  }

  /**
   * A compressed buffer starts with its uncompressed length (Columnar.html#compression). Version 21.2 of the library writes the
   * compressed length, which other readers reject: https://github.com/apache/arrow-js/pull/470.
   */
  protected override _compressBodyBuffers(buffers: ArrayBufferView[]) {
    const packed = super._compressBodyBuffers(buffers)
    for (const [i, { byteLength }] of buffers.entries()) {
      // each buffer is a length and bytes; both are empty if there are no bytes
      const { buffer, byteOffset, byteLength: there } = packed.buffers[2 * i] as ArrayBufferView
      const length = new DataView(buffer, byteOffset)
      if (there > 0 && length.getBigInt64(0, true) >= 0n) length.setBigInt64(0, BigInt(byteLength), true)
    }
    return packed
  }
}
