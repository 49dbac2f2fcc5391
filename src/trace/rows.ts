// The rows of a block of events, and of a damaged one what can be had of them.
import { type EventBatch, ROW } from '../model/batch.js'
import { CODE, isOwn } from '../schema/codes.js'
import type { BlockDecoder, Decoded } from './block-decoder.js'
import type { Blocks } from './blocks.js'
import type { BlockHeader } from './format.js'

/** What a block gave: all its rows, or those of its state part. */
export interface Rows {
  /** where the block is */
  readonly at: number
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
    return { at, decoded, stateOnly }
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

/** The same rows with those of all processes; undefined, and told, when they are damaged. */
export async function allRowsOf(
  decoder: BlockDecoder,
  blocks: Blocks,
  header: BlockHeader,
  { at, decoded, stateOnly }: Rows,
): Promise<Decoded | undefined> {
  try {
    return await decoder.decode(decoded.slot, header, stateOnly, true)
  } catch (e) {
    blocks.tell(at, `${partly(header)}: ${reason(e)}`)
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

/** Whether a row is of the state part (native/block_rows.h). */
function ofStatePart({ flags, type }: EventBatch, row: number): boolean {
  const code = type[row] as number
  if (((flags[row] as number) & (ROW.STATE | ROW.HIDDEN)) !== 0 || code === CODE.procexit) return true
  return isOwn(code)
}

/** A place in a block that stays the same whatever else of it is delivered, behind a row that is. */
export interface Place {
  /** rows of the state part up to there */
  readonly stateRows: number
  /** number of the event that the row before is, when that is not of the state part */
  readonly num: number | undefined
}

/** Where row `row` of a batch is. */
export function placeOf(batch: EventBatch, row: number): Place {
  let stateRows = 0
  for (let i = 0; i < row; i++) if (ofStatePart(batch, i)) stateRows++
  return { stateRows, num: row === 0 || ofStatePart(batch, row - 1) ? undefined : batch.num[row - 1] }
}

/** The row of a batch that is at a place. */
export function rowAt(batch: EventBatch, { stateRows, num }: Place): number {
  let row = 0
  for (let left = stateRows; left > 0 && row < batch.count; row++) if (ofStatePart(batch, row)) left--
  if (num === undefined) return row
  while (row < batch.count && !(batch.num[row] === num && !ofStatePart(batch, row))) row++
  return Math.min(row + 1, batch.count)
}
