// Converts batch times to ns since the epoch, as two halves of 32 bits: a Number is not exact enough, and a BigInt per time is slow.
import { type CaptureStart, startOf } from '../model/time.js'

const TWO32 = 4294967296
/** Maximum upper half: readers treat times as signed numbers. */
const MOST = 0x7fffffff

export class EpochClock {
  /** upper and lower 32 bits of the current time */
  hi = 0
  lo = 0
  private readonly startHi: number
  private readonly startLo: number

  constructor({ startSec, startNsec }: CaptureStart) {
    const start = BigInt.asUintN(64, startOf({ startSec: Math.trunc(startSec), startNsec: Math.trunc(startNsec) }))
    this.startHi = Number(start >> 32n)
    this.startLo = Number(start & 0xffffffffn)
  }

  /** time: ns since the capture's start, may be negative. An invalid time in a damaged file counts as the start. */
  set(time: number): this {
    const t = Number.isFinite(time) ? time : 0
    const high = Math.floor(t / TWO32)
    const low = this.startLo + Math.floor(t - high * TWO32)
    const carry = low >= TWO32 ? 1 : 0
    this.lo = low - carry * TWO32
    this.hi = this.startHi + high + carry
    if (this.hi < 0) this.clamp(0, 0)
    else if (this.hi > MOST) this.clamp(MOST, TWO32 - 1)
    return this
  }

  /** Limits a time outside the range to its first or last value. */
  private clamp(hi: number, lo: number): void {
    this.hi = hi
    this.lo = lo
  }
}
