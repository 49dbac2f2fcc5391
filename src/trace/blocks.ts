// The blocks of a trace in order, and reports of damage to them.
import type { Damage } from '../source/source.js'
import { skipToBlock } from './block-sync.js'
import { codec } from './codec.js'
import { BLOCK_HEADER, type BlockHeader, blockHeader, KIND } from './format.js'
import type { Input } from './input.js'
import { type LazyValue, payloadOf } from './pack.js'

/** limit of reported damaged places */
const MAX_DAMAGE = 200

/** why a file ends inside a block */
const CUT = 'it was cut, or its writer was killed'
/** blocks without events, by kind, in messages */
const PLACES: ReadonlyMap<number, string> = new Map([
  [KIND.META, 'its description'],
  [KIND.SNAPSHOT, 'the processes at its start'],
  [KIND.KEYFRAME, 'a keyframe'],
  [KIND.INDEX, 'its index'],
  [KIND.END, 'its end block'],
])

export class Blocks {
  readonly damage: Damage[] = []
  /** number of the next block */
  seq = 0
  /** rows that the state depends on were lost; the next keyframe restores it */
  stale = false
  /** of the complete event blocks: the highest event number, and the batch time (ns) of the last row */
  private last: Pick<BlockHeader, 'numMax' | 'timeMax'> | undefined
  /** number of damage reports when the previous block had been read */
  private reported = 0

  constructor(private readonly input: Input) {}

  /** The header at the current position, undefined if there is none or it is damaged. */
  async header(): Promise<BlockHeader | undefined> {
    return blockHeader(await this.input.peek(BLOCK_HEADER))
  }

  /** Whether the file ends inside the block at the current position. */
  async endsHere(): Promise<boolean> {
    return !(await this.input.holds((await this.header())?.total ?? BLOCK_HEADER))
  }

  /** Block numbers reveal missing blocks. */
  checkOrder(header: BlockHeader, at: number): void {
    if (header.seq !== this.seq) {
      this.stale = true
      if (this.damage.length === this.reported) this.reportDamage(at, 'blocks before this one are missing')
    }
    this.seq = header.seq + 1
    this.reported = this.damage.length
  }

  /** Consumes a payload block and returns its value (lazy: see pack.ts). If it is damaged, reports that and returns undefined. */
  async payload(header: BlockHeader, lazy?: LazyValue): Promise<unknown> {
    const value = await this.unpacked(header, await this.input.peek(header.total), this.input.position, lazy)
    this.seq = header.seq + 1
    await this.skip(header)
    return value
  }

  /** The same for a value that may not be needed: it is unpacked on request. Damage is reported at once. */
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

  private async unpacked(header: BlockHeader, block: Buffer, at: number, lazy?: LazyValue): Promise<unknown> {
    try {
      const value = await payloadOf(header, block, lazy)
      if (value === undefined) this.reportDamage(at, 'a block of metadata contains something else')
      return value
    } catch (e) {
      this.reportDamage(at, `metadata is lost: ${e instanceof Error ? e.message : String(e)}`)
      return undefined
    }
  }

  /** Skips a block. */
  skip(header: BlockHeader): Promise<void> {
    return this.input.skip(header.total)
  }

  /** Skips a block that only other readers need, but reports damage in it. */
  async check(header: BlockHeader): Promise<void> {
    const at = this.input.position
    if (!isIntact(header, await this.input.peek(header.total)))
      this.reportDamage(at, 'a keyframe or part of the index is damaged; no event is lost')
    await this.skip(header)
  }

  /** Searches for the next block or the end after bytes that are neither; false: there is none. */
  async findNext(): Promise<boolean> {
    this.stale = true
    const at = this.input.position
    const found = await skipToBlock(this.input)
    this.reportDamage(
      at,
      found
        ? `${this.input.position - at} bytes are unreadable and were skipped`
        : `it ends inside a block: ${CUT}; ${this.upTo}`,
    )
    return found
  }

  /** Consumes a block that the file ends inside of, and reports that. hasState: its state section is complete. */
  async endInside(header: BlockHeader, hasState = false): Promise<void> {
    this.stale = true
    const { kind, numMin, numMax } = header
    const where = kind === KIND.EVENTS ? `the block of events ${numMin} to ${numMax}` : (PLACES.get(kind) ?? 'a block')
    const lost = kind === KIND.END ? 'no event is lost' : this.upTo
    const except = hasState ? ', except those in this block that change processes and descriptors' : ''
    this.reportDamage(this.input.position, `it ends inside ${where}: ${CUT}; ${lost}${except}`)
    await this.input.skip((await this.input.peek(header.total)).length)
  }

  /** Records that a block of events is complete. */
  reached({ numMax, timeMax }: BlockHeader): void {
    // ksys's internal events have no number
    this.last = { numMax: Math.max(this.last?.numMax ?? 0, numMax), timeMax }
  }

  /** A clause that states up to which event a truncated file can be read. */
  get upTo(): string {
    if (this.last === undefined) return 'no event is left'
    const { numMax, timeMax } = this.last
    const seconds = (timeMax / 1e9).toFixed(3)
    return `everything after event ${numMax}, ${seconds} s after the start of the capture, is lost`
  }

  /** Records damage at an offset of the file. what: a clause without its subject's name. */
  reportDamage(offset: number, what: string): void {
    if (this.damage.length < MAX_DAMAGE) this.damage.push({ ...this.input.placeOf(offset), what })
  }
}

/** Whether the checksum of a block without events is correct. */
function isIntact(header: BlockHeader, block: Buffer): boolean {
  const from = BLOCK_HEADER + header.summaryBytes
  return block.length === header.total && codec().crc32c(block.subarray(from)) === header.stateCrc
}
