// Runs a program: the parameters of an event, and of the enter event that it is joined with, become the bytes of a row.
import type { EventBatch } from '../../model/batch.js'
import { Op, SIGNED, STEP } from '../program.js'
import { MAX_PARAMS } from '../roles.js'

const TWO32 = 4294967296
/** Rows can hold this much of one variable parameter. */
const VAR_LIMIT = 0xffff
/** Room in the arena for a step beside what it copies. */
const STEP_ROOM = 32

/** The parameters of one event: their bytes, and where each ends (the first entry: where the first begins). */
export class Params {
  bytes: Uint8Array = new Uint8Array(0)
  view = new DataView(this.bytes.buffer)
  readonly ends = new Int32Array(MAX_PARAMS + 1)

  /** Looks at other bytes. */
  of(bytes: Uint8Array): void {
    if (bytes === this.bytes) return
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Finds n parameters behind their lengths, which take `wide` bytes; false when they do not end within `stop`. */
  measure(from: number, n: number, wide: number, stop: number): boolean {
    const { ends, view } = this
    let at = from
    let end = at + n * wide
    if (end > stop) return false
    ends[0] = end
    for (let i = 0; i < n; i++) {
      end += wide === 2 ? view.getUint16(at, true) : view.getUint32(at, true)
      at += wide
      if (end > stop) return false
      ends[i + 1] = end
    }
    return true
  }

  /** Bytes of the first n parameters. */
  span(n: number): number {
    return n <= 0 ? 0 : (this.ends[n] as number) - (this.ends[0] as number)
  }

  /** Parameter i when it is a u16, else -1. */
  u16(i: number): number {
    const at = this.ends[i] as number
    return (this.ends[i + 1] as number) - at === 2 ? this.view.getUint16(at, true) : -1
  }
}

export class RowWriter {
  /** of the row that was written last: its result, and which parameters have no value */
  ret = Number.NaN
  absent = 0

  constructor(
    private readonly exit: Params,
    private readonly enter: Params,
  ) {}

  /** Writes the arguments of row `i`, and where they end; false when the batch has no room for them. */
  write(batch: EventBatch, i: number, steps: Int32Array, n: number, enterN: number): boolean {
    const { exit, enter } = this
    let to = batch.argOff[i] as number
    const most = (STEP_ROOM * steps.length) / STEP + exit.span(n) + enter.span(enterN)
    if (i === batch.capacity || to + most > batch.arenaBytes) return false
    this.ret = Number.NaN
    let absent = 0
    for (let k = 0; k < steps.length; k += STEP) {
      const op = steps[k] as Op
      const source = steps[k + 1] as number
      const size = steps[k + 2] as number
      const bit = 1 << (steps[k + 3] as number)
      switch (op) {
        case Op.Number:
        case Op.EnterNumber:
          if (!this.number(batch.view, to, op === Op.Number ? exit : enter, source, size)) absent |= bit
          to += size & (SIGNED - 1)
          break
        case Op.Result:
        case Op.DynResult:
          if (!this.result(source, op === Op.DynResult ? 1 : 0, size >= SIGNED)) absent |= bit
          break
        case Op.NoResult:
          absent |= bit
          break
        case Op.NoNumber:
          absent |= bit
          for (let b = 0; b < size; b++) batch.arena[to + b] = 0
          to += size
          break
        case Op.NoBytes:
          absent |= bit
          batch.view.setUint16(to, 0, true)
          to += 2
          break
        default: {
          const p = op === Op.Bytes || op === Op.Text ? exit : enter
          if (p.ends[source] === p.ends[source + 1]) absent |= bit
          to = copy(batch, to, p, source, op === Op.Text || op === Op.EnterText)
        }
      }
    }
    this.absent = absent
    batch.argOff[i + 1] = to
    return true
  }

  /** A number of whatever length it was recorded with; false when it has none, and is 0. */
  private number(out: DataView, to: number, p: Params, source: number, size: number): boolean {
    const { view } = p
    const at = p.ends[source] as number
    const length = (p.ends[source + 1] as number) - at
    const isSigned = size >= SIGNED
    let low = 0
    if (length >= 4) low = view.getInt32(at, true)
    else if (length === 2) low = isSigned ? view.getInt16(at, true) : view.getUint16(at, true)
    else if (length === 1) low = isSigned ? view.getInt8(at) : view.getUint8(at)
    switch (size & (SIGNED - 1)) {
      case 4:
        out.setInt32(to, low, true)
        break
      case 8:
        out.setInt32(to, low, true)
        out.setInt32(to + 4, length >= 8 ? view.getInt32(at + 4, true) : isSigned || length < 4 ? low >> 31 : 0, true)
        break
      case 2:
        out.setInt16(to, low, true)
        break
      default:
        out.setInt8(to, low)
    }
    return length >= 4 || length === 2 || length === 1
  }

  /** The call's result, behind `skip` bytes; false when it was not recorded. */
  private result(source: number, skip: number, isSigned: boolean): boolean {
    const { view, ends } = this.exit
    const at = (ends[source] as number) + skip
    const length = (ends[source + 1] as number) - at
    if (length >= 8) {
      const high = isSigned ? view.getInt32(at + 4, true) : view.getUint32(at + 4, true)
      this.ret = view.getUint32(at, true) + high * TWO32
    } else if (length >= 4) this.ret = isSigned ? view.getInt32(at, true) : view.getUint32(at, true)
    else return false
    return true
  }
}

/** Copies a variable parameter with its length before it, without a text's NUL; returns where it ends. */
function copy(batch: EventBatch, to: number, p: Params, source: number, isText: boolean): number {
  const { bytes } = p
  const at = p.ends[source] as number
  let length = (p.ends[source + 1] as number) - at
  if (isText && length > 0 && bytes[at + length - 1] === 0) length--
  if (length > VAR_LIMIT) length = VAR_LIMIT
  batch.view.setUint16(to, length, true)
  if (length < 48) for (let b = 0; b < length; b++) batch.arena[to + 2 + b] = bytes[at + b] as number
  else batch.arena.set(bytes.subarray(at, at + length), to + 2)
  return to + 2 + length
}
