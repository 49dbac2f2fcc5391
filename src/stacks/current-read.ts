// The file that the symbol thread is reading, in memory shared with the thread that waits for it: a thread that is blocked
// in a read cannot send a message.

const COUNT = 0
const LENGTH = 1
const HEADER = 8
const LONGEST = 8192

export class CurrentRead {
  private readonly words: Int32Array
  private readonly bytes: Buffer

  constructor(readonly memory = new SharedArrayBuffer(HEADER + LONGEST)) {
    this.words = new Int32Array(memory, 0, HEADER / 4)
    this.bytes = Buffer.from(memory, HEADER)
  }

  start(path: string): void {
    this.words[LENGTH] = this.bytes.write(path)
    Atomics.add(this.words, COUNT, 1)
  }

  end(): void {
    Atomics.add(this.words, COUNT, 1)
  }

  /** A number that differs for each read; undefined while nothing is read. */
  get read(): number | undefined {
    const count = Atomics.load(this.words, COUNT)
    return count % 2 === 0 ? undefined : count
  }

  /** The file that was read last. */
  get path(): string {
    return this.bytes.toString('utf8', 0, this.words[LENGTH])
  }
}
