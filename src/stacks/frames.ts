// Decodes the addresses of a ks_stack row (schema/events/internal.ts).

export class Frames {
  private readonly view: DataView
  /** number of addresses of the program */
  readonly users: number
  /** number of pairs at the end of these with callers that were found without a frame pointer */
  readonly callers: number
  /** number of all addresses: of the program, then of the kernel */
  readonly count: number

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.users = this.view.getUint16(0, true)
    this.callers = this.view.getUint16(2, true)
    this.count = this.users + this.view.getUint16(4, true)
  }

  /** Address i as a signed 64-bit number: only so are kernel addresses, at the upper end, exact. */
  at(i: number): number {
    return signed(this.view.getUint32(8 * i + 10, true), this.view.getUint32(8 * i + 6, true))
  }
}

/** A signed 64-bit number from two halves. */
export function signed(high: number, low: number): number {
  return (high | 0) * 4294967296 + low
}
