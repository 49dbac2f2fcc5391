// Blocks of metadata, unpacked.
import { codec } from './codec.js'
import { type BlockHeader, blockHeader } from './format.js'
import { unpack } from './pack.js'

/** bytes that are decompressed at once: handing fewer to another thread takes longer than to decompress them */
const SMALL = 64 << 10

/** The value of a block, undefined when it is no plain data. Rejects when the block is damaged. */
export async function payloadOf(header: BlockHeader, block: Buffer): Promise<unknown> {
  return unpack(header.rawBytes <= SMALL ? codec().decodePayloadNow(block) : await codec().decodePayload(block))
}

/** The value of a block of metadata, undefined when it is damaged. */
export async function valueIn(block: Buffer): Promise<unknown> {
  const header = blockHeader(block)
  try {
    return header && (await payloadOf(header, block))
  } catch {
    return undefined
  }
}
