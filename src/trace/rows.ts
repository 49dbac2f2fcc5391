// The rows of a block of events, and of a damaged one what can be had of them.
import type { BlockDecoder, Decoded } from './block-decoder.js'
import type { Blocks } from './blocks.js'
import type { BlockHeader } from './format.js'

/** What a block gave: all its rows, or those of its state part. */
export interface Rows {
  readonly decoded: Decoded
  readonly stateOnly: boolean
}

/**
 * The rows of the block at an offset; when the rest of it is damaged at least those that keep the state true, undefined when
 * it is lost. What is wrong is told to `blocks`. The bytes are copied at once. Never rejects.
 */
export async function rowsOf(
  decoder: BlockDecoder,
  blocks: Blocks,
  header: BlockHeader,
  block: Buffer,
  stateOnly: boolean,
  at: number,
): Promise<Rows | undefined> {
  const slot = decoder.hold(block)
  const whole = (decoded: Decoded, stateOnly: boolean): Rows => {
    const { skipped } = decoded
    if (skipped > 0) blocks.tell(at, `${skipped} events in a block are malformed and were left out`)
    return { decoded, stateOnly }
  }
  try {
    return whole(await decoder.decode(slot, header, stateOnly), stateOnly)
  } catch (e) {
    if (!stateOnly && header.restRows > 0) {
      const state = await decoder.decode(slot, header, true).catch(() => null)
      if (state !== null) {
        blocks.tell(at, `${partly(header)}: ${reason(e)}`)
        return whole(state, true)
      }
    }
    blocks.stale = true
    blocks.tell(at, `a block is lost, events from ${header.numMin} to ${header.numMax}: ${reason(e)}`)
    return undefined
  }
}

function reason(e: unknown): string {
  return e instanceof Error ? e.message : String(e)
}

/** Rows of the state part are all that is left. */
function partly({ numMin, numMax }: BlockHeader): string {
  return `events from ${numMin} to ${numMax} are lost, but for those that change processes and descriptors`
}
