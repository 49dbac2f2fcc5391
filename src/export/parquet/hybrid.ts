// Parquet's hybrid of run lengths and packed bits: for levels, and for the indexes of dictionaries.
import type { PageBuffer } from './page-buffer.js'

/** Bits are packed in groups of so many values; a run that is no longer is packed as well. */
const GROUP = 8
/** Values that are packed behind one header at most: it then takes one byte. */
const MOST = 63 * GROUP

export class Hybrid {
  private out!: PageBuffer
  private width = 0
  /** the run that may go on */
  private value = 0
  private times = 0
  private readonly literals = new Int32Array(MOST)
  private count = 0

  /** Begins a sequence of values of so many bits, up to 24. */
  begin(out: PageBuffer, width: number): void {
    this.out = out
    this.width = width
    this.times = this.count = 0
  }

  /** Appends a value so many times. */
  put(value: number, times: number): void {
    if (value === this.value) {
      this.times += times
      return
    }
    if (this.times > 0) this.settle()
    this.value = value
    this.times = times
  }

  end(): void {
    if (this.times > 0) this.settle()
    this.flush()
  }

  private settle(): void {
    const { value } = this
    let { times } = this
    this.times = 0
    if (times < GROUP) {
      this.pack(value, times)
      return
    }
    // a run begins where a group ends
    const fill = (GROUP - (this.count % GROUP)) % GROUP
    this.pack(value, fill)
    times -= fill
    if (times < GROUP) {
      this.pack(value, times)
      return
    }
    this.flush()
    const { out, width } = this
    out.varint(times * 2)
    for (let bits = 0; bits < width; bits += 8) out.byte((value >>> bits) & 0xff)
  }

  private pack(value: number, times: number): void {
    const { literals } = this
    for (let i = 0; i < times; i++) {
      if (this.count === MOST) this.flush()
      literals[this.count++] = value
    }
  }

  private flush(): void {
    if (this.count === 0) return
    const { out, width, literals } = this
    const groups = Math.ceil(this.count / GROUP)
    literals.fill(0, this.count, groups * GROUP)
    out.byte((groups << 1) | 1)
    out.packed8(literals, groups * GROUP, width)
    this.count = 0
  }
}
