// Events that several files of one recorder have: each of its files begins with what was before the moment that it is for, which the
// file before it may have, too.
import { type EventBatch, ROW } from '../model/batch.js'
import type { Member } from './ring-members.js'

export class RepeatedRows {
  /** by capture and how it was recorded, the highest number of the files that were read */
  private readonly highest = new Map<string, number>()
  private key: string | undefined
  private before = 0
  /** some rows were hidden */
  any = false

  /** Files are read next, the first of which is this one. */
  begin(first: Member): void {
    // those of a rotation begin where another one ended, and who made one of another, with any filter, has counted its contents
    const overlaps = first.origin.nth === undefined && first.tail?.contents === undefined
    this.key = overlaps ? keyOf(first) : undefined
    this.before = (this.key !== undefined && this.highest.get(this.key)) || 0
  }

  /** Hides the rows that a file before has told, in the file's own numbers: what exists where the file begins does not know of them yet. */
  hide({ num, flags, count }: EventBatch): void {
    if (this.key === undefined) return
    const { before } = this
    let highest = this.highest.get(this.key) ?? 0
    for (let i = 0; i < count; i++) {
      const n = num[i] as number
      if (((flags[i] as number) & (ROW.HIDDEN | ROW.COUNTED)) !== 0) continue
      // ksys's own records have no number
      if (n === 0 || n > before) highest = Math.max(highest, n)
      else {
        flags[i]! |= ROW.HIDDEN
        this.any = true
      }
    }
    this.highest.set(this.key, highest)
  }
}

/** The same for files that were made in one run, with one filter: the checksum of the description, which has both, is in the head. */
function keyOf({ origin, head }: Member): string {
  return `${origin.startSec} ${origin.startNsec} ${head.toString('latin1')}`
}
