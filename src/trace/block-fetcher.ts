// Reads the blocks of a trace in order. Blocks of events go to the decoder, all others are handled here. Irrelevant
// blocks are skipped, damage is reported.
import type { Snapshot } from '../model/snapshot.js'
import type { BlockTest } from '../source/read-request.js'
import { addTypes, TYPE_BITMAP_BYTES } from '../source/summary.js'
import type { BlockDecoder } from './block-decoder.js'
import { blockSummary } from './block-summary.js'
import type { Blocks } from './blocks.js'
import {
  BLOCK_HEADER,
  type BlockHeader,
  blockHeader,
  FILE_HEADER,
  KIND,
  summaryIntact,
  TRAILER,
  trailerEnd,
} from './format.js'
import type { Input } from './input.js'
import { snapshotOf } from './metadata.js'
import type { Preface } from './preface.js'
import type { ReadStatistics } from './read-statistics.js'
import type { Before, Block, Prefetched } from './rows.js'
import { rowsOf } from './rows.js'
import { addSkipped, noneSkipped, type SkippedRows } from './skipped-rows.js'

const KNOWN_KINDS: ReadonlySet<number> = new Set(Object.values(KIND))

export class BlockFetcher {
  /** types of the events in irrelevant blocks: a bitmap by event code, as in BlockSummary */
  readonly prunedTypes = new Uint8Array(TYPE_BITMAP_BYTES)
  /** fulfilled when no block is being decoded */
  decoded: Promise<unknown> = Promise.resolve()
  private sawEnd = false
  /** the end block was read, but not yet the trailer that follows it in every complete trace */
  private lacksTrailer = false
  /** nothing more is read */
  private ended = false
  /** skipped rows, and the state from here on: delivered with the next block */
  private skipped = noneSkipped()
  private resync: Snapshot | undefined

  /** blocks of kinds that only a newer ksys knows */
  unknown = 0

  constructor(
    private readonly input: Input,
    private readonly blocks: Blocks,
    private readonly decoder: BlockDecoder,
    private readonly start: Preface,
    private readonly statistics: ReadStatistics,
    /** the file is still being written: it may end anywhere */
    private readonly isGrowing: boolean,
  ) {
    if (start.range === undefined) return
    this.prunedTypes.set(start.range.prunedTypes)
    this.skipped = start.range.head
  }

  /** Reads up to the next block of events, whose decoding then runs, or to the end. */
  async fetch(): Promise<Prefetched> {
    while (!this.ended) {
      const at = this.input.position
      if (this.reachedRangeEnd(at)) break
      if ((await this.skippedGap(at)) || (await this.skippedSeam(at)) || (await this.enteredFile(at))) continue
      const head = await this.input.peek(BLOCK_HEADER)
      if (this.reachedFileEnd(head, at)) {
        if (this.seekNextFile(at)) continue
        break
      }
      const header = blockHeader(head)
      if (header === undefined) {
        await this.findBlock(head)
        continue
      }
      const block = await this.consume(header, at)
      if (block !== undefined) return { ...block, ...this.takePending() }
    }
    this.ended = true
    return { rows: undefined, ...this.takePending() }
  }

  /** Consumes a block; returns one of events. Of a file that is still being written, only a complete one. */
  private async consume(header: BlockHeader, at: number): Promise<Pick<Block, 'header' | 'rows'> | undefined> {
    const isCut = !(await this.input.holds(header.total))
    if (isCut && this.isGrowing) {
      this.ended = true
      return undefined
    }
    if (header.kind !== KIND.INDEX) this.blocks.checkOrder(header, at)
    if (header.kind === KIND.EVENTS) return this.eventBlock(header, isCut)
    await (isCut ? this.endInside(header) : this.handle(header))
    return undefined
  }

  /** Nothing is read after the current block. */
  stop(): void {
    this.ended = true
  }

  /** Counts rows that precede the next block and are not delivered. */
  pass(rows: SkippedRows): void {
    this.skipped = addSkipped(this.skipped, rows)
  }

  /** Records the value of the end block. */
  end(value: unknown): void {
    this.sawEnd = true
    this.statistics.end(value)
  }

  /**
   * Whether the relevant range of the file ends here. The index then provides the counts and the end of the remainder.
   */
  private reachedRangeEnd(at: number): boolean {
    const { range } = this.start
    if (range === undefined || at < range.to) return false
    this.pass(range.tail)
    this.end(range.end)
    return true
  }

  /**
   * Skips irrelevant blocks that start here; false: there are none. Not after state was lost, since a keyframe among
   * them would restore it.
   */
  private async skippedGap(at: number): Promise<boolean> {
    const gap = this.decoder.omission === undefined ? undefined : this.start.resolved?.gaps.get(at)
    if (gap === undefined) return false
    await this.decoded
    if (this.blocks.stale) return false
    this.pass(gap.skipped)
    this.input.seek(gap.to)
    this.blocks.seq = gap.seq
    return true
  }

  /**
   * Seeks from the last event of a file to the first one of the next, if the index has that place. Not after state was
   * lost.
   */
  private async skippedSeam(at: number): Promise<boolean> {
    const seam = this.start.range?.seams.get(at)
    if (seam === undefined) return false
    // damage in an earlier block may still be found
    await this.decoded
    if (this.blocks.stale) return false
    this.input.seek(seam.to)
    this.blocks.seq = seam.seq
    return true
  }

  /** Consumes the header and metadata of a joined file, which equal those of the first; false: no file starts here. */
  private async enteredFile(at: number): Promise<boolean> {
    if (this.input.joined?.startsFile(at) !== true) return false
    this.sawEnd = false
    this.lacksTrailer = false
    this.input.seek(at + FILE_HEADER)
    const header = await this.blocks.header()
    if (header?.kind === KIND.META) {
      this.blocks.seq = header.seq + 1
      await this.blocks.skip(header)
      return true
    }
    const isRemoved = header === undefined && (await this.input.peek(1)).length === 0
    this.blocks.reportDamage(
      at,
      isRemoved ? 'it was removed, or emptied, before it could be read' : 'its first bytes are damaged',
    )
    this.blocks.stale = true
    this.sawEnd = true
    if (isRemoved && !this.seekNextFile(at)) this.ended = true
    return true
  }

  /** Seeks to the file after the one that contains an offset; false: it is the last. */
  private seekNextFile(at: number): boolean {
    const next = this.input.joined?.nextFrom(at)
    if (next === undefined) return false
    if (!this.sawEnd) this.blocks.stale = true
    this.input.seek(next)
    return true
  }

  /** Whether no block can follow. `head` is all that remains. Reports a file that should not end here. */
  private reachedFileEnd(head: Buffer, at: number): boolean {
    if (this.lacksTrailer && head.length < TRAILER) {
      this.blocks.reportDamage(at, 'its last bytes were cut off; no event is lost')
      return true
    }
    if (this.isGrowing) return head.length < BLOCK_HEADER
    if (head.length > 0) return false
    if (!this.sawEnd)
      this.blocks.reportDamage(
        at,
        `it has no end: it was cut, or its writer was killed, failed, or is still writing; ${this.blocks.upTo}`,
      )
    return true
  }

  /** Seeks from bytes that are no block header to the next block: after the trailer, or after unreadable bytes. */
  private async findBlock(head: Buffer): Promise<void> {
    if (trailerEnd(head) !== undefined) {
      this.lacksTrailer = false
      await this.input.skip(TRAILER)
    } else if (!(await this.blocks.findNext())) this.sawEnd = true
  }

  /** Consumes and processes a block without events. */
  private async handle(header: BlockHeader): Promise<void> {
    switch (header.kind) {
      case KIND.RESYNC:
        return this.resyncFrom(header)
      case KIND.KEYFRAME:
      case KIND.SNAPSHOT:
        // damage in an earlier block may still be found
        await this.decoded
        return this.blocks.stale ? this.resyncFrom(header) : this.blocks.check(header)
      case KIND.FORMS:
        this.decoder.declareForms(await this.blocks.payload(header))
        return
      case KIND.END: {
        const end = await this.blocks.payload(header)
        this.end(end)
        this.lacksTrailer = end !== undefined
        return
      }
      default:
        if (!KNOWN_KINDS.has(header.kind)) this.unknown++
        return this.blocks.check(header)
    }
  }

  /** Returns and clears what is delivered with the next block. */
  private takePending(): Before {
    const { skipped, resync } = this
    this.skipped = noneSkipped()
    this.resync = undefined
    return { skipped, resync }
  }

  /** Loads the state from here on: the input restarted, or damage had invalidated the state. */
  private async resyncFrom(header: BlockHeader): Promise<void> {
    const value = await this.blocks.payload(header)
    if (value === undefined) return
    this.resync = snapshotOf(value)
    this.blocks.stale = false
  }

  /** Consumes a block of events and starts its decoding. */
  private async eventBlock(header: BlockHeader, isCut: boolean): Promise<Pick<Block, 'header' | 'rows'>> {
    const at = this.input.position
    const stateOnly = this.start.blocks !== undefined && !(await this.isRelevant(header, this.start.blocks))
    const wanted = header.total - (stateOnly ? header.restBytes : 0)
    const block = await this.input.peek(wanted)
    // a file that was truncated after it was opened is shorter than it was
    if (isCut || block.length < wanted) return this.cutBlock(header, block)
    this.blocks.reached(header)
    if (!summaryIntact(header, block.subarray(BLOCK_HEADER, BLOCK_HEADER + header.summaryBytes)))
      this.blocks.reportDamage(at, 'the summary of a block is damaged; no event is lost')
    const rows = rowsOf(this.decoder, this.blocks, header, block, stateOnly, at)
    this.decoded = Promise.all([this.decoded, rows])
    if (stateOnly) this.pass({ rows: header.restRows, shown: header.restRows, lastTime: header.timeMax })
    await this.blocks.skip(header)
    return { header, rows }
  }

  /** Consumes a block of events that the file ends inside of. Its state section is decoded if it is complete. */
  private async cutBlock(header: BlockHeader, block: Buffer): Promise<Pick<Block, 'header' | 'rows'>> {
    const hasState = block.length >= header.total - header.restBytes
    const at = this.input.position
    const rows = hasState ? rowsOf(this.decoder, this.blocks, header, block, true, at) : Promise.resolve(undefined)
    this.decoded = Promise.all([this.decoded, rows])
    await this.endInside(header, hasState)
    return { header, rows }
  }

  /** Reports that the file ends inside a block, after which no end is missed. */
  private async endInside(header: BlockHeader, hasState = false): Promise<void> {
    await this.blocks.endInside(header, hasState)
    this.sawEnd = true
  }

  private async isRelevant(header: BlockHeader, mayBeRelevant: BlockTest): Promise<boolean> {
    const head = await this.input.peek(BLOCK_HEADER + header.summaryBytes)
    const summary = blockSummary(header, head.subarray(BLOCK_HEADER))
    if (summary === undefined || mayBeRelevant(summary)) return true
    addTypes(this.prunedTypes, summary)
    return false
  }
}
