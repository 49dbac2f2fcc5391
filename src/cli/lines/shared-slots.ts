// What the two threads that print a file together share. Both read it, and go over its events in the same order; lines are
// counted off in portions, and who comes to a portion first formats it, the other passes over it. What the worker has formatted
// it puts into slots, from which it is written: memory that is used again, since new memory for each piece would have both
// threads collect garbage most of the time.

/** Lines of a portion. */
export const PORTION = 2048
/** Bytes of a slot. */
export const SLOT = 1 << 19
const SLOTS = 8

/** Words before the slots: the portions that were claimed, and the worker's pieces that were written. */
const CLAIMED = 0
const WRITTEN = 1
const HEAD = 64

export class SharedSlots {
  private readonly words: Int32Array
  private readonly bytes: Uint8Array

  /** @param memory that of the other thread's; by default a new one */
  constructor(readonly memory = new SharedArrayBuffer(HEAD + SLOTS * SLOT)) {
    this.words = new Int32Array(memory, 0, HEAD / Int32Array.BYTES_PER_ELEMENT)
    this.bytes = new Uint8Array(memory)
  }

  /** Whether the caller is the first to come to this portion. Each thread asks for all of them, in order. */
  claim(portion: number): boolean {
    return Atomics.compareExchange(this.words, CLAIMED, portion, portion + 1) === portion
  }

  /** Where the worker's n-th piece (0, 1 ...) lies. */
  slot(n: number, length = SLOT): Uint8Array {
    const from = HEAD + (n % SLOTS) * SLOT
    return this.bytes.subarray(from, from + length)
  }

  /** For the worker: blocks until the slot of its n-th piece is free. */
  waitForSlot(n: number): void {
    for (;;) {
      const written = Atomics.load(this.words, WRITTEN)
      if (n - written < SLOTS) return
      Atomics.wait(this.words, WRITTEN, written)
    }
  }

  /** The next of the worker's pieces was written. */
  written(): void {
    Atomics.add(this.words, WRITTEN, 1)
    Atomics.notify(this.words, WRITTEN)
  }
}
