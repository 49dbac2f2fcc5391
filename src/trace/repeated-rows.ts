// Events that several files of one recorder have: each of its files begins with what was before the moment that it is for, which the
// file before it may have, too. A recorder's files are copies of blocks of its one memory: its run and a block's number identify the
// block, wherever the files begin. Files of recorders that wrote no run are compared by the numbers of their events.
import { type EventBatch, ROW } from '../model/batch.js'
import type { BlockOfBatch } from './prefetched-block.js'
import type { Member } from './rotation-members.js'

export class RepeatedRows {
  /** by recorder's run, the numbers of the blocks that were read, and whether their state part alone was */
  private readonly blocks = new Map<string, Map<number, boolean>>()
  private known: Map<number, boolean> | undefined
  /** by capture and how it was recorded, the highest number of the files that were read */
  private readonly highest = new Map<string, number>()
  private key: string | undefined
  private before = 0
  /** rows that were hidden */
  count = 0

  /** Files are read next, the first of which is this one. */
  begin(first: Member): void {
    this.known = undefined
    this.key = undefined
    const { run } = first.origin
    if (run !== undefined) {
      this.known = this.blocks.get(run) ?? new Map()
      this.blocks.set(run, this.known)
      return
    }
    // those of a rotation begin where another one ended, and who made one of another, with any filter, has counted its contents
    if (first.origin.nth !== undefined || first.tail?.contents !== undefined) return
    this.key = keyOf(first)
    this.before = this.highest.get(this.key) ?? 0
  }

  /** Hides the rows that a file before has told, in the file's own numbers: what exists where the file begins does not know of them yet. */
  hide(batch: EventBatch, block: BlockOfBatch): void {
    if (this.known !== undefined) this.hideBlock(this.known, batch, block)
    else if (this.key !== undefined) this.hideNumbers(this.key, batch)
  }

  private hideBlock(known: Map<number, boolean>, { flags, count }: EventBatch, { seq, stateOnly }: BlockOfBatch): void {
    const before = known.get(seq)
    // of a block that was damaged before, the rest is new
    const hidden = before === true && !stateOnly ? ROW.STATE : before === undefined ? 0 : ~0
    known.set(seq, stateOnly && before !== false)
    if (hidden === 0) return
    for (let i = 0; i < count; i++)
      if ((flags[i]! & ROW.HIDDEN) === 0 && (hidden === ~0 || (flags[i]! & hidden) !== 0)) {
        flags[i]! |= ROW.HIDDEN
        this.count++
      }
  }

  private hideNumbers(key: string, { num, flags, count }: EventBatch): void {
    const { before } = this
    let highest = this.highest.get(key) ?? 0
    for (let i = 0; i < count; i++) {
      const n = num[i] as number
      if (((flags[i] as number) & (ROW.HIDDEN | ROW.COUNTED)) !== 0) continue
      // ksys's own records have no number
      if (n === 0 || n > before) highest = Math.max(highest, n)
      else {
        flags[i]! |= ROW.HIDDEN
        this.count++
      }
    }
    this.highest.set(key, highest)
  }
}

/** The same for files that were made in one run, with one filter: the checksum of the description, which has both, is in the head. */
function keyOf({ origin, head }: Member): string {
  return `${origin.startSec} ${origin.startNsec} ${head.toString('latin1')}`
}
