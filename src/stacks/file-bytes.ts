// Bytes of an open file, read until a time: whoever owns the file decides on its size and on how fast it answers.
import { readSync } from 'node:fs'

/** Why the symbols of a file are not used, or not all: words for a person, after "because". */
export class Cut extends Error {}

const CHUNK = 1 << 20

export class FileBytes {
  private readonly end: number

  /**
   * @param fd a regular file of `size` bytes
   * @param most ms that reading and using it may take
   */
  constructor(
    private readonly fd: number,
    readonly size: number,
    private readonly most: number,
  ) {
    this.end = performance.now() + most
  }

  /** Throws Cut when the time for this file is over. */
  checkTime(): void {
    if (performance.now() > this.end) throw new Cut(`reading it takes more than ${this.most / 1000} s`)
  }

  has(at: number, length: number): boolean {
    return at + length <= this.size
  }

  /** Bytes [at, at + length), as many as a caller has found to be acceptable; undefined when they are not all in the file. */
  read(at: number, length: number): Buffer | undefined {
    if (!this.has(at, length)) return undefined
    const bytes = Buffer.allocUnsafeSlow(length)
    return this.fill(bytes, at) ? bytes : undefined
  }

  /** Calls with bytes [at, at + length), a piece at a time, each of whole units; a piece is valid during the call. */
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
