// Reads the overview in a trace's end block after verifying the checksums of all blocks, without decompressing any
// events.
import type { Overview } from '../source/source.js'
import { codec } from './codec.js'
import { overviewOf } from './contents.js'
import { BLOCK_HEADER, type BlockHeader, blockHeader, KIND, summaryIntact, TRAILER, trailerEnd } from './format.js'
import type { Input } from './input.js'
import { valueIn } from './pack.js'

/** The contents of an end block. */
interface Ending {
  readonly contents: Overview
  /** the block's value */
  readonly end: unknown
}

/**
 * The end block of a trace if every byte from the input's position on is undamaged and the block has an overview, else
 * undefined. seq: number of the next block; tick: called after each block. The input is a file and is left at any position.
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

/** Whether the checksums of all three sections of a block are correct. */
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

/** Whether the file ends with a trailer that has the end block's offset. */
function isLast(input: Input, endAt: number, trailer: Buffer): boolean {
  return trailerEnd(trailer) === endAt && input.position + TRAILER === input.size
}

function endingIn(end: unknown): Ending | undefined {
  const contents =
    typeof end === 'object' && end !== null ? overviewOf((end as { contents?: unknown }).contents) : undefined
  return contents && { contents, end }
}
