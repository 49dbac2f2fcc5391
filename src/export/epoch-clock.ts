// Batch times as nanoseconds since the epoch, in two halves of 32 bits: a Number cannot hold them, and a BigInt for each time is slow.
import type { CaptureInfo } from '../source/source.js'

const TWO32 = 4294967296
/** Readers take times for signed numbers. */
const MOST = 0x7fffffff

export class EpochClock {
  /** the upper and the lower 32 bits of the time that was set */
  hi = 0
  lo = 0
  private readonly startHi: number
  private readonly startLo: number

  constructor({ startSec, startNsec }: Pick<CaptureInfo, 'startSec' | 'startNsec'>) {
    const start = BigInt.asUintN(64, BigInt(Math.trunc(startSec)) * 1_000_000_000n + BigInt(Math.trunc(startNsec)))
    this.startHi = Number(start >> 32n)
    this.startLo = Number(start & 0xffffffffn)
  }

  /** time: ns since the capture's start, before it too. What is no time in a damaged file counts as the start. */
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

  /** What lies beyond all times becomes the first or the last of them. */
  private clamp(hi: number, lo: number): void {
    this.hi = hi
    this.lo = lo
  }
}
