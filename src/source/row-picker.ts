// Some rows of a batch as a batch of their own, as they are or with other arguments. Nothing of the others lies between them.
import { batchBytes, EventBatch, rowEnd } from '../model/batch.js'

const COLUMNS = ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu'] as const

export class RowPicker {
  private from = new EventBatch(undefined, 2)
  private rows = new Uint32Array(0)
  /** arguments of rows that have others, by their place */
  private readonly others = new Map<number, Uint8Array>()
  private filled: EventBatch | undefined
  /** rows that were added since begin() */
  count = 0

  /** Rows of this batch are added from now on. */
  begin(from: EventBatch): void {
    this.from = from
    this.count = 0
    this.others.clear()
    if (this.rows.length < from.count) this.rows = new Uint32Array(from.capacity)
  }

  /** args: instead of its own. */
  add(row: number, args?: Uint8Array): void {
    if (args !== undefined) this.others.set(this.count, args)
    this.rows[this.count++] = row
  }

  private args(i: number): Uint8Array {
    const { from, rows, others } = this
    const row = rows[i] as number
    return others.get(i) ?? from.arena.subarray(from.argOff[row], rowEnd(from, row))
  }

  /** The batch of these rows, valid until the next call: the whole one where all of its rows were added. Without a resync. */
  made(): EventBatch {
    const { from, rows, count } = this
    if (count === from.count && this.others.size === 0) {
      from.resync = undefined
      return from
    }
    let bytes = 0
    for (let i = 0; i < count; i++) bytes += this.args(i).length
    const to = this.room(bytes)
    let at = 0
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number
      for (const column of COLUMNS) to[column][i] = from[column][row] as number
      to.argOff[i] = at
      const args = this.args(i)
      to.arena.set(args, at)
      at += args.length
    }
    to.argOff[count] = at
    // an empty batch says up to when there is nothing
    if (count === 0) to.time[0] = from.time[from.count - 1] as number
    to.count = count
    to.native = from.native
    to.arch = from.arch
    to.forms = from.forms
    to.form = from.form && Uint16Array.from(rows.subarray(0, count), (row) => from.form?.[row] as number)
    to.resync = undefined
    return to
  }

  /** The batch that is filled again and again, with room for so many bytes of arguments. */
  private room(bytes: number): EventBatch {
    const { filled, from } = this
    if (filled !== undefined && filled.capacity >= from.capacity && filled.arenaBytes >= bytes) return filled
    const arena = Math.max(bytes, from.arenaBytes)
    this.filled = new EventBatch(new ArrayBuffer(batchBytes(from.capacity, arena)), from.capacity, arena)
    return this.filled
  }
}
