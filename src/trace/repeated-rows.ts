// Hides events that several files of one recorder contain. Each of its files starts before the time it was written for,
// so it may overlap the previous file. The files are copies of blocks of the recorder's memory: the run and a block's
// number identify a block, wherever the files start. Files of recorders that wrote no run are compared by event
// numbers.
import { type EventBatch, ROW } from '../model/batch.js'
import type { Member } from './rotation-members.js'
import type { BlockOfBatch } from './rows.js'

export class RepeatedRows {
  /** by recorder's run: the numbers of the blocks that were read; true if only the state section was */
  private readonly blocks = new Map<string, Map<number, boolean>>()
  private known: Map<number, boolean> | undefined
  /** by capture and description: the highest event number of the files that were read */
  private readonly highest = new Map<string, number>()
  private key: string | undefined
  private previousHighest = 0
  /** number of hidden rows */
  count = 0

  /** Called before one or more files are read; first: the first of them. */
  startFiles(first: Member): void {
    this.known = undefined
    this.key = undefined
    const { run } = first.origin
    if (run !== undefined) {
      this.known = this.blocks.get(run) ?? new Map()
      this.blocks.set(run, this.known)
      return
    }
    // files of a rotation do not overlap, and a file rewritten from another trace, by whatever filter, has an overview
    if (first.origin.nth !== undefined || first.tail?.contents !== undefined) return
    this.key = keyOf(first)
    this.previousHighest = this.highest.get(this.key) ?? 0
  }

  /**
   * Hides rows already delivered by an earlier file. They still update the state, since the snapshot at the file's start
   * precedes them. The batch must have the file's own event numbers.
   */
  hide(batch: EventBatch, block: BlockOfBatch): void {
    if (this.known !== undefined) this.hideBlock(this.known, batch, block)
    else if (this.key !== undefined) this.hideNumbers(this.key, batch)
  }

  private hideBlock(known: Map<number, boolean>, { flags, count }: EventBatch, { seq, stateOnly }: BlockOfBatch): void {
    const earlier = known.get(seq)
    // if the rest of the block was damaged in the earlier file, it is new
    const hidden = earlier === true && !stateOnly ? ROW.STATE : earlier === undefined ? 0 : ~0
    known.set(seq, stateOnly && earlier !== false)
    if (hidden === 0) return
    for (let i = 0; i < count; i++)
      if ((flags[i]! & ROW.HIDDEN) === 0 && (hidden === ~0 || (flags[i]! & hidden) !== 0)) {
        flags[i]! |= ROW.HIDDEN
        this.count++
      }
  }

  private hideNumbers(key: string, { num, flags, count }: EventBatch): void {
    const { previousHighest } = this
    let highest = this.highest.get(key) ?? 0
    for (let i = 0; i < count; i++) {
      const n = num[i] as number
      if (((flags[i] as number) & (ROW.HIDDEN | ROW.COUNTED)) !== 0) continue
      // ksys's internal events have no number
      if (n === 0 || n > previousHighest) highest = Math.max(highest, n)
      else {
        flags[i]! |= ROW.HIDDEN
        this.count++
      }
    }
    this.highest.set(key, highest)
  }
}

/**
 * Equal for files of one run with the same filter: the head has the checksum of the description, which contains both.
 */
function keyOf({ origin, head }: Member): string {
  return `${origin.startSec} ${origin.startNsec} ${head.toString('latin1')}`
}
