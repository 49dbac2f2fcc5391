// Decodes the rows of a block of events, or of a damaged block those that are readable, and defines what a reader
// prefetches.
import type { Snapshot } from '../model/snapshot.js'
import type { BlockDecoder, Decoded } from './block-decoder.js'
import type { Blocks } from './blocks.js'
import type { BlockHeader } from './format.js'
import type { SkippedRows } from './skipped-rows.js'

/** The readable rows of a block: all, or those of its state section. */
export interface Rows {
  readonly decoded: Decoded
  readonly stateOnly: boolean
}

/** Rows that were skipped before a block or the end, and the state from there on if it must be replaced. */
export type Before = { readonly skipped: SkippedRows; readonly resync: Snapshot | undefined }

/** A block of events that was read. rows: fulfilled when it is decoded; undefined if it is lost. */
export interface Block extends Before {
  readonly header: BlockHeader
  readonly rows: Promise<Rows | undefined>
}

export type Prefetched = Block | (Before & { readonly rows: undefined })

/** The block that a batch was decoded from. */
export interface BlockOfBatch {
  /** its number */
  readonly seq: number
  /** only the rows that the state depends on were read */
  readonly stateOnly: boolean
}

/**
 * Decodes the rows of the block at an offset. If the rest is damaged, at least the rows that the state depends on; undefined if
 * the block is lost. Damage is reported to `blocks`. The bytes are copied at once. Never rejects.
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
  const toRows = (decoded: Decoded, stateOnly: boolean): Rows => {
    const { skipped } = decoded
    if (skipped > 0) blocks.reportDamage(at, `${skipped} events in a block are malformed and were skipped`)
    return { decoded, stateOnly }
  }
  try {
    return toRows(await decoder.decode(slot, header, stateOnly), stateOnly)
  } catch (e) {
    if (!stateOnly && header.restRows > 0) {
      const state = await decoder.decode(slot, header, true).catch(() => null)
      if (state !== null) {
        blocks.reportDamage(at, `${lostRest(header)}: ${reason(e)}`)
        return toRows(state, true)
      }
    }
    blocks.stale = true
    blocks.reportDamage(at, `a block is lost, events from ${header.numMin} to ${header.numMax}: ${reason(e)}`)
    return undefined
  }
}

function reason(e: unknown): string {
  return e instanceof Error ? e.message : String(e)
}

/** Only the rows of the state section could be read. */
function lostRest({ numMin, numMax }: BlockHeader): string {
  return `events from ${numMin} to ${numMax} are lost, except those that change processes and descriptors`
}
