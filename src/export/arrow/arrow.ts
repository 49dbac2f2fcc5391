// A stream of Arrow IPC: a record batch for each row group, whose texts are numbers of dictionaries that stand before it.
import { CompressionType, compressionRegistry, RecordBatch, RecordBatchStreamWriter } from 'apache-arrow'
import type { BinaryBuffer } from '../binary-buffer.js'
import { GroupedExport } from '../columns/grouped-export.js'
import type { Export, ExportChoice } from '../format.js'
import { zstd } from '../zstd.js'
import { batchData } from './batch.js'
import { arrowSchema } from './schema.js'

/** Makes a stream of Arrow. */
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
    // the schema stands at the beginning, whether or not events follow
    this.writer.reset(undefined, this.schema)
  }

  protected writeGroup(): void {
    this.writer.write(new RecordBatch(this.schema, batchData(this.schema, this.group)))
  }

  finish(): void {
    this.writer.finish()
  }
}

/** The library's writer, whose bytes go into the run's own buffer instead of a queue that is read later. */
class Writer extends RecordBatchStreamWriter {
  constructor(private readonly to: BinaryBuffer) {
    super({ autoDestroy: false, compressionType: CompressionType.ZSTD })
  }

  protected override _write(chunk: ArrayBufferView): this {
    this.to.bytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    return this
  }

  /**
   * Before what is compressed stands its length without compression (Columnar.html#compression). The library's 21.2 has that
   * after compression, which other readers refuse: https://github.com/apache/arrow-js/pull/470.
   */
  protected override _compressBodyBuffers(buffers: ArrayBufferView[]) {
    const packed = super._compressBodyBuffers(buffers)
    for (const [i, { byteLength }] of buffers.entries()) {
      // each is a length and bytes; both are empty where there are none
      const { buffer, byteOffset, byteLength: there } = packed.buffers[2 * i] as ArrayBufferView
      const length = new DataView(buffer, byteOffset)
      if (there > 0 && length.getBigInt64(0, true) >= 0n) length.setBigInt64(0, BigInt(byteLength), true)
    }
    return packed
  }
}
