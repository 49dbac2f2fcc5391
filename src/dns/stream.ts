// DNS messages over TCP, each behind its length, from pieces of any size of which only the first bytes may be known.

/** Bytes of the length before each message. */
const LENGTH = 2

/** One direction of a connection. */
export class DnsStream {
  /** of the message at hand, its length first; at most 64 KB */
  private parts: Uint8Array[] = []
  private have = 0
  /** bytes of it that passed, seen or not */
  private passed = 0
  private size: number | undefined
  /** where messages begin is not known any more */
  private lost = false

  /** A call moved `length` bytes, of which `data` are the first. The messages that end with it, those with a hole up to that. */
  push(data: Uint8Array, length: number): Uint8Array[] {
    const messages: Uint8Array[] = []
    let at = 0
    while (at < length && !this.lost) {
      const left = this.wanted() - this.passed
      const passing = Math.min(left, length - at)
      this.keep(data.subarray(at, at + passing), passing)
      at += passing
      if (this.size === undefined && this.passed === LENGTH) this.begin()
      if (this.size !== undefined && this.passed === LENGTH + this.size) messages.push(this.finish())
    }
    return messages
  }

  /** Bytes up to the end of what is being read: the length, then the message. */
  private wanted(): number {
    return LENGTH + (this.size ?? 0)
  }

  /** Behind a hole nothing is kept: it is not known where it would belong. */
  private keep(seen: Uint8Array, passing: number): void {
    if (this.have === this.passed && seen.length > 0) {
      this.parts.push(seen.slice())
      this.have += seen.length
    }
    this.passed += passing
  }

  private begin(): void {
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
