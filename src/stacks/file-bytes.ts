// Reads bytes of an open file, with a time limit, because the owner of the file controls its size and how fast it responds.
import { readSync } from 'node:fs'

/** Why the symbols of a file are used only in part, or not at all; the message explains it to the user. */
export class Cut extends Error {}

const CHUNK = 1 << 20

export class FileBytes {
  private readonly end: number

  /**
   * @param fd a regular file of `size` bytes
   * @param most ms that reading and processing it may take
   */
  constructor(
    private readonly fd: number,
    readonly size: number,
    private readonly most: number,
  ) {
    this.end = performance.now() + most
  }

  /** Throws Cut once the time for this file is over. */
  checkTime(): void {
    if (performance.now() > this.end) throw new Cut(`reading it takes more than ${this.most / 1000} s`)
  }

  has(at: number, length: number): boolean {
    return at + length <= this.size
  }

  /** Bytes [at, at + length), a length that the caller has checked; undefined if they are not all in the file. */
  read(at: number, length: number): Buffer | undefined {
    if (!this.has(at, length)) return undefined
    const bytes = Buffer.allocUnsafeSlow(length)
    return this.fill(bytes, at) ? bytes : undefined
  }

  /** Calls `use` with bytes [at, at + length) in pieces of whole units; a piece is valid during the call. */
  pieces(at: number, length: number, unit: number, use: (piece: Buffer) => void): void {
    if (!this.has(at, length)) return
    const buffer = Buffer.allocUnsafeSlow(Math.min(length, CHUNK - (CHUNK % unit)))
    for (let done = 0; done < length; done += buffer.length) {
      const piece = buffer.subarray(0, length - done)
      if (!this.fill(piece, at + done)) return
      use(piece)
    }
  }

  private fill(bytes: Buffer, at: number): boolean {
    for (let got = 0; got < bytes.length; ) {
      this.checkTime()
      const n = readSync(this.fd, bytes, got, Math.min(CHUNK, bytes.length - got), at + got)
      if (n === 0) return false
      got += n
    }
    return true
  }
}

/** An unsigned 64-bit number, little-endian; above 2^53 it is not exact. */
export function u64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 4294967296
}
