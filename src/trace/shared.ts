// What files of one capture have in common, kept from one to the next where many are read: their description, which is the same
// bytes, and the memory that blocks are decoded in.
import { BlockDecoder } from './block-decoder.js'

export class Shared {
  private block: Buffer = Buffer.alloc(0)
  private value: unknown
  private described: BlockDecoder | undefined
  private readonly free: BlockDecoder[] = []

  /** A decoder, with the memory of one that was given back. */
  decoder(): BlockDecoder {
    return new BlockDecoder(this.free.pop())
  }

  /** A file is closed, and its rows are not looked at any more. */
  giveBack(decoder: BlockDecoder): void {
    this.free.push(decoder)
  }

  /** The value of the description in that block, where the file before had the same one; `decoder` then knows its events. */
  known(block: Buffer, decoder: BlockDecoder): unknown {
    if (this.described === undefined || !this.block.equals(block)) return undefined
    decoder.declareAs(this.described)
    return this.value
  }

  /** Remembers a block, its value, and the decoder that has taken over its events. */
  keep(block: Buffer, value: unknown, decoder: BlockDecoder): void {
    this.block = block
    this.value = value
    this.described = decoder
  }
}
