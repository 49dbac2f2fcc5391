// The addresses of a ks_stack row (schema/events/internal.ts).

export class Frames {
  private readonly view: DataView
  /** addresses of the program */
  readonly users: number
  /** the last so many pairs of these are callers that were found without a frame pointer */
  readonly callers: number
  /** of the program, then of the kernel */
  readonly count: number

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.users = this.view.getUint16(0, true)
    this.callers = this.view.getUint16(2, true)
    this.count = this.users + this.view.getUint16(4, true)
  }

  /** Address i: of 64 bits with a sign, as those of the kernel, at the upper end, are exact only so. */
  at(i: number): number {
    return signed(this.view.getUint32(8 * i + 10, true), this.view.getUint32(8 * i + 6, true))
  }
}

/** A number of 64 bits with a sign, of two halves. */
export function signed(high: number, low: number): number {
  return (high | 0) * 4294967296 + low
}
