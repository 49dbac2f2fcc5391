// Parquet's hybrid of run-length encoding and bit packing, for levels and dictionary indexes.
import type { PageBuffer } from './page-buffer.js'

/** Values per group of packed bits; a run that is not longer is packed too. */
const GROUP = 8
/** Maximum number of packed values after one header, so that the header takes one byte. */
const MOST = 63 * GROUP

export class Hybrid {
  private out!: PageBuffer
  private width = 0
  /** the current run */
  private value = 0
  private times = 0
  private readonly literals = new Int32Array(MOST)
  private count = 0

  /** Starts a sequence of values of `width` bits, up to 24. */
  start(out: PageBuffer, width: number): void {
    this.out = out
    this.width = width
    this.times = this.count = 0
  }

  /** Appends a value `times` times. */
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
    // a run starts at the end of a group
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
