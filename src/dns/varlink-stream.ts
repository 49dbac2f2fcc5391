// Varlink messages from pieces of any size: each ends with a NUL. Of a piece only the first bytes may be available.

/** Maximum bytes of a message. */
const LONGEST = 65_536

/** One direction of a connection. */
export class VarlinkStream {
  private parts: Uint8Array[] = []
  private size = 0
  /** the message in progress is incomplete, or too long */
  private damaged = false

  /**
   * Takes the data of one call: `length` bytes, of which `data` are the first. Returns the messages that end with it, without their
   * NUL. If data are missing, the next call is taken to begin a message: programs write and read whole messages as a rule.
   */
  push(data: Uint8Array, length: number): Uint8Array[] {
    const messages: Uint8Array[] = []
    let at = 0
    for (let end = data.indexOf(0); end >= 0; end = data.indexOf(0, at)) {
      this.store(data.subarray(at, end))
      if (!this.damaged) messages.push(Buffer.concat(this.parts))
      this.clear()
      at = end + 1
    }
    if (data.length < length) this.clear()
    else this.store(data.subarray(at))
    return messages
  }

  private store(part: Uint8Array): void {
    this.size += part.length
    if (this.size > LONGEST) {
      this.damaged = true
      this.parts = []
    } else if (part.length > 0) this.parts.push(part.slice())
  }

  private clear(): void {
    this.parts = []
    this.size = 0
    this.damaged = false
  }
}
