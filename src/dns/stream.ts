// DNS messages over TCP, each preceded by its length, from pieces of any size, of which only the first bytes may be
// available.

/** Bytes of the length before each message. */
const LENGTH = 2

/** One direction of a connection. */
export class DnsStream {
  /** captured bytes of the current message, starting with its length; at most 64 KB */
  private parts: Uint8Array[] = []
  private have = 0
  /** number of its bytes that passed, captured or not */
  private passed = 0
  private size: number | undefined
  /** the start of the next message is unknown */
  private lost = false

  /**
   * Takes the data of one call: `length` bytes, of which `data` are the first. Returns the messages that end with it;
   * those with a gap up to the gap.
   */
  push(data: Uint8Array, length: number): Uint8Array[] {
    const messages: Uint8Array[] = []
    let at = 0
    while (at < length && !this.lost) {
      const left = this.bytesNeeded() - this.passed
      const passing = Math.min(left, length - at)
      this.store(data.subarray(at, at + passing), passing)
      at += passing
      if (this.size === undefined && this.passed === LENGTH) this.startMessage()
      if (this.size !== undefined && this.passed === LENGTH + this.size) messages.push(this.finish())
    }
    return messages
  }

  /** Number of bytes up to the end of the current item: the length, then the message. */
  private bytesNeeded(): number {
    return LENGTH + (this.size ?? 0)
  }

  /** Bytes after a gap are not stored: their position is unknown. */
  private store(seen: Uint8Array, passing: number): void {
    if (this.have === this.passed && seen.length > 0) {
      this.parts.push(seen.slice())
      this.have += seen.length
    }
    this.passed += passing
  }

  private startMessage(): void {
    const b = Buffer.concat(this.parts)
    if (b.length < LENGTH) this.lost = true
    else this.size = b.readUInt16BE(0)
  }

  private finish(): Uint8Array {
    const message = Buffer.concat(this.parts).subarray(LENGTH)
    this.parts = []
    this.have = this.passed = 0
    this.size = undefined
    return message
  }
}
