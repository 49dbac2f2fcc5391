// Data that files of one capture share when many are read: their description, which consists of equal bytes, and the
// memory in which blocks are decoded.
import { BlockDecoder } from './block-decoder.js'

export class Shared {
  private block: Buffer = Buffer.alloc(0)
  private value: unknown
  private described: BlockDecoder | undefined
  private readonly free: BlockDecoder[] = []

  /** A new decoder, which reuses the memory of a recycled one. */
  decoder(): BlockDecoder {
    return new BlockDecoder(this.free.pop())
  }

  /** Takes back a decoder whose file is closed and whose rows are no longer used. */
  recycle(decoder: BlockDecoder): void {
    this.free.push(decoder)
  }

  /** The value of a description if the previous file had the same one; `decoder` then gets its event declarations. */
  lookup(block: Buffer, decoder: BlockDecoder): unknown {
    if (this.described === undefined || !this.block.equals(block)) return undefined
    decoder.declareAs(this.described)
    return this.value
  }

  /** Stores a description, its value, and the decoder that has its event declarations. */
  store(block: Buffer, value: unknown, decoder: BlockDecoder): void {
    this.block = block
    this.value = value
    this.described = decoder
  }
}
