// The blocks of a trace one after the other, and what is told when they are not as they were written.
import type { Damage } from '../source/source.js'
import { skipToBlock } from './block-sync.js'
import { codec } from './codec.js'
import { BLOCK_HEADER, type BlockHeader, blockHeader } from './format.js'
import type { Input } from './input.js'
import { payloadOf } from './payload.js'

/** damaged places told one by one */
const MOST_DAMAGE = 200

export class Blocks {
  readonly damage: Damage[] = []
  /** number of the next block */
  seq = 0
  /** rows that kept the state true were lost: the next keyframe mends it */
  stale = false
  /** of the blocks of events that were whole: the highest number, and batch time (ns) of the last row */
  private last: Pick<BlockHeader, 'numMax' | 'timeMax'> | undefined
  /** damage told when the next block was the next */
  private told = 0

  constructor(private readonly input: Input) {}

  /** The header at the present place, undefined when there is none or it is damaged. */
  async header(): Promise<BlockHeader | undefined> {
    return blockHeader(await this.input.peek(BLOCK_HEADER))
  }

  /** Block numbers tell of blocks that are gone without a trace. */
  checkOrder(header: BlockHeader, at: number): void {
    if (header.seq !== this.seq) {
      this.stale = true
      if (this.damage.length === this.told) this.tell(at, 'blocks before this one are missing')
    }
    this.seq = header.seq + 1
    this.told = this.damage.length
  }

  /** The value of a payload block, which is consumed; undefined (and told) when it is damaged. */
  async payload(header: BlockHeader): Promise<unknown> {
    const value = await this.unpacked(header, await this.input.peek(header.total), this.input.position)
    this.seq = header.seq + 1
    await this.skip(header)
    return value
  }

  /** The same, but for what may never be asked for: unpacked when it is; damage is told at once. */
  async payloadLater(header: BlockHeader): Promise<() => Promise<unknown>> {
    const at = this.input.position
    const block = Buffer.from(await this.input.peek(header.total))
    if (!isIntact(header, block)) {
      const value = await this.payload(header)
      return async () => value
    }
    this.seq = header.seq + 1
    await this.skip(header)
    return () => this.unpacked(header, block, at)
  }

  private async unpacked(header: BlockHeader, block: Buffer, at: number): Promise<unknown> {
    try {
      const value = await payloadOf(header, block)
      if (value === undefined) this.tell(at, 'what should be metadata is something else')
      return value
    } catch (e) {
      this.tell(at, `metadata is lost: ${e instanceof Error ? e.message : String(e)}`)
      return undefined
    }
  }

  /** Consumes a block. */
  skip(header: BlockHeader): Promise<void> {
    return this.input.skip(header.total)
  }

  /** Passes over a block that only other readings need; damage in it is told all the same. */
  async check(header: BlockHeader): Promise<void> {
    const at = this.input.position
    if (!isIntact(header, await this.input.peek(header.total)))
      this.tell(at, 'a keyframe or a piece of the index is damaged; no event is lost')
    await this.skip(header)
  }

  /** Looks for the next block or the end after bytes that are neither; false: there is none. */
  async findNext(): Promise<boolean> {
    this.stale = true
    const at = this.input.position
    const found = await skipToBlock(this.input)
    this.tell(
      at,
      found
        ? `${this.input.position - at} bytes are not readable and were left out`
        : `it ends inside a block; ${this.upTo}`,
    )
    return found
  }

  /** A block of events is whole. */
  reached({ numMax, timeMax }: BlockHeader): void {
    // ksys's own records have no number
    this.last = { numMax: Math.max(this.last?.numMax ?? 0, numMax), timeMax }
  }

  /** A clause about how far the events go where a file ends early. */
  get upTo(): string {
    if (this.last === undefined) return 'no event is in it'
    const { numMax, timeMax } = this.last
    const seconds = (timeMax / 1e9).toFixed(3)
    return `what came after event ${numMax}, ${seconds} s after the beginning of the capture, is lost`
  }

  /** Remembers damage at an offset of the file, in a sentence's end. */
  tell(offset: number, what: string): void {
    if (this.damage.length < MOST_DAMAGE) this.damage.push({ ...this.input.placeOf(offset), what })
  }
}

/** Whether a block without events is as it was written. */
export function isIntact(header: BlockHeader, block: Buffer): boolean {
  const from = BLOCK_HEADER + header.summaryBytes
  return block.length === header.total && codec().crc32c(block.subarray(from)) === header.stateCrc
}
