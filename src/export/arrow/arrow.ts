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

/** What the library's writer makes goes into the run's own buffer, instead of a queue that is read later. */
class Writer extends RecordBatchStreamWriter {
  constructor(private readonly to: BinaryBuffer) {
    super({ autoDestroy: false, compressionType: CompressionType.ZSTD })
  }

  protected override _write(chunk: ArrayBufferView): this {
    this.to.bytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    return this
  }
}
