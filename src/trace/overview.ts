// What a whole trace tells of itself: its blocks are held against their checksums, none is decompressed.
import type { Overview } from '../source/source.js'
import { codec } from './codec.js'
import { overviewOf } from './contents.js'
import { BLOCK_HEADER, type BlockHeader, blockHeader, KIND, summaryIntact, TRAILER, trailerEnd } from './format.js'
import type { Input } from './input.js'
import { valueIn } from './payload.js'

/** What the end block says. */
export interface Ending {
  readonly contents: Overview
  /** the block's value */
  readonly end: unknown
}

/**
 * The end of a trace in which every byte from the input's place on is as it was written; undefined when one is not, or the
 * end does not tell what the trace holds. seq: the number of the next block. tick is called after each block. The input, a
 * file, is left anywhere.
 */
export async function endingOf(input: Input, seq: number, tick: () => void): Promise<Ending | undefined> {
  for (let next = seq; ; ) {
    const at = input.position
    const header = blockHeader(await input.peek(BLOCK_HEADER))
    if (header === undefined || (header.kind !== KIND.INDEX && header.seq !== next++)) return undefined
    const block = await input.peek(header.total)
    if (!intact(header, block)) return undefined
    if (header.kind === KIND.END) {
      const end = await valueIn(block)
      await input.skip(header.total)
      return isLast(input, at, await input.peek(TRAILER)) ? endingIn(end) : undefined
    }
    await input.skip(header.total)
    tick()
  }
}

/** Whether all three parts of a block have their checksums. */
function intact(header: BlockHeader, block: Buffer): boolean {
  if (block.length !== header.total) return false
  const state = BLOCK_HEADER + header.summaryBytes
  const rest = state + header.stateBytes
  return (
    summaryIntact(header, block.subarray(BLOCK_HEADER, state)) &&
    codec().crc32c(block.subarray(state, rest)) === header.stateCrc &&
    codec().crc32c(block.subarray(rest)) === header.restCrc
  )
}

/** Whether the file ends with a trailer that names the end block at an offset. */
function isLast(input: Input, endAt: number, trailer: Buffer): boolean {
  return trailerEnd(trailer) === endAt && input.position + TRAILER === input.size
}

function endingIn(end: unknown): Ending | undefined {
  const contents =
    typeof end === 'object' && end !== null ? overviewOf((end as { contents?: unknown }).contents) : undefined
  return contents && { contents, end }
}
