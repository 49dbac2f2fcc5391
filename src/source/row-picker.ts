// Copies some rows of a batch into another one, with their own or with changed arguments, and without the data of other rows.
import { batchBytes, EventBatch, rowEnd } from '../model/batch.js'

const COLUMNS = ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu'] as const

export class RowPicker {
  private from = new EventBatch(undefined, 2)
  private rows = new Uint32Array(0)
  /** replaced arguments, by index of the added row */
  private readonly others = new Map<number, Uint8Array>()
  private filled: EventBatch | undefined
  /** number of rows added since begin() */
  count = 0

  /** Starts a selection from this batch. */
  start(from: EventBatch): void {
    this.from = from
    this.count = 0
    this.others.clear()
    if (this.rows.length < from.count) this.rows = new Uint32Array(from.capacity)
  }

  /** args: replaces the row's own arguments. */
  add(row: number, args?: Uint8Array): void {
    if (args !== undefined) this.others.set(this.count, args)
    this.rows[this.count++] = row
  }

  private args(i: number): Uint8Array {
    const { from, rows, others } = this
    const row = rows[i] as number
    return others.get(i) ?? from.arena.subarray(from.argOff[row], rowEnd(from, row))
  }

  /** The batch of these rows, valid until the next call: the original batch if all its rows were added unchanged. Without a resync. */
  build(): EventBatch {
    const { from, rows, count } = this
    if (count === from.count && this.others.size === 0) {
      from.resync = undefined
      return from
    }
    let bytes = 0
    for (let i = 0; i < count; i++) bytes += this.args(i).length
    const to = this.ensureCapacity(bytes)
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
    // the time of an empty batch is that of the last event read
    if (count === 0) to.time[0] = from.time[from.count - 1] as number
    to.count = count
    to.native = from.native
    to.arch = from.arch
    to.forms = from.forms
    to.form = from.form && Uint16Array.from(rows.subarray(0, count), (row) => from.form?.[row] as number)
    to.resync = undefined
    return to
  }

  /** The reused output batch, with space for that many bytes of arguments. */
  private ensureCapacity(bytes: number): EventBatch {
    const { filled, from } = this
    if (filled !== undefined && filled.capacity >= from.capacity && filled.arenaBytes >= bytes) return filled
    const arena = Math.max(bytes, from.arenaBytes)
    this.filled = new EventBatch(new ArrayBuffer(batchBytes(from.capacity, arena)), from.capacity, arena)
    return this.filled
  }
}
