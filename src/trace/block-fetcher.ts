// Goes through the blocks of a trace in their order: those of events are handed to the decoder, the others are dealt with here. What does
// not matter to the query is passed over, what is damaged is told.
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
import type { Before, Block, Prefetched } from './prefetched-block.js'
import type { ReadStatistics } from './read-statistics.js'
import { rowsOf } from './rows.js'
import { addSkipped, noneSkipped, type SkippedRows } from './skipped-rows.js'

const KNOWN: ReadonlySet<number> = new Set(Object.values(KIND))

export class BlockFetcher {
  /** events in blocks that do not matter: a bitmap by event code, as in BlockSummary */
  readonly prunedTypes = new Uint8Array(TYPE_BITMAP_BYTES)
  /** fulfilled when no block is being decoded */
  decoded: Promise<unknown> = Promise.resolve()
  private sawEnd = false
  /** the end was read, and what every whole trace has behind it was not */
  private lacksTrailer = false
  /** nothing more is read */
  private ended = false
  /** rows that were passed over, and what exists from here on, for the next block */
  private skipped = noneSkipped()
  private resync: Snapshot | undefined

  /** blocks of kinds that a newer ksys writes */
  unknown = 0

  constructor(
    private readonly input: Input,
    private readonly blocks: Blocks,
    private readonly decoder: BlockDecoder,
    private readonly start: Preface,
    private readonly statistics: ReadStatistics,
    /** it is still being written: it ends anywhere */
    private readonly part: boolean,
  ) {
    if (start.range === undefined) return
    this.prunedTypes.set(start.range.refused)
    this.skipped = start.range.head
  }

  /** Reads up to the next block of events, which is then being decoded, or to the end. */
  async fetch(): Promise<Prefetched> {
    while (!this.ended) {
      const at = this.input.position
      if (this.spanEnds(at)) break
      if ((await this.passesGap(at)) || (await this.passesSeam(at)) || (await this.beginsFile(at))) continue
      const head = await this.input.peek(BLOCK_HEADER)
      if (this.fileEnds(head, at)) {
        if (this.toNextFile(at)) continue
        break
      }
      const header = blockHeader(head)
      if (header === undefined) {
        await this.findBlock(head)
        continue
      }
      if (this.part && (await this.input.peek(header.total)).length < header.total) break
      if (header.kind !== KIND.INDEX) this.blocks.checkOrder(header, at)
      if (header.kind === KIND.EVENTS) {
        const block = await this.eventBlock(header)
        return { ...block, ...this.taken() }
      }
      await this.handle(header)
    }
    this.ended = true
    return { rows: undefined, ...this.taken() }
  }

  /** Nothing is read after the present block. */
  stop(): void {
    this.ended = true
  }

  /** Counts rows that come before the next block and are not delivered. */
  pass(rows: SkippedRows): void {
    this.skipped = addSkipped(this.skipped, rows)
  }

  /** Takes over the value of the end block. */
  end(value: unknown): void {
    this.sawEnd = true
    this.statistics.end(value)
  }

  /** Whether the part of the file that matters ends here; what the index says of the rest is then taken over. */
  private spanEnds(at: number): boolean {
    const { range } = this.start
    if (range === undefined || at < range.to) return false
    this.pass(range.tail)
    this.end(range.end)
    return true
  }

  /**
   * Passes over blocks that begin here and hold nothing that is wanted; false: there are none. Not once state was lost: a
   * keyframe in between would mend it.
   */
  private async passesGap(at: number): Promise<boolean> {
    const gap = this.decoder.omission === undefined ? undefined : this.start.followed?.gaps.get(at)
    if (gap === undefined) return false
    await this.decoded
    if (this.blocks.stale) return false
    this.pass(gap.skipped)
    this.input.seek(gap.to)
    this.blocks.seq = gap.seq
    return true
  }

  /** Goes from behind the last event of a file to the first one of the next, where the index told; not once state was lost. */
  private async passesSeam(at: number): Promise<boolean> {
    const seam = this.start.range?.seams.get(at)
    if (seam === undefined) return false
    // damage in a block before may still come to light
    await this.decoded
    if (this.blocks.stale) return false
    this.input.seek(seam.to)
    this.blocks.seq = seam.seq
    return true
  }

  /** Consumes what another file begins with, which says the same as the first; false: none begins here. */
  private async beginsFile(at: number): Promise<boolean> {
    if (this.input.joined?.begins(at) !== true) return false
    this.sawEnd = false
    this.lacksTrailer = false
    this.input.seek(at + FILE_HEADER)
    const header = await this.blocks.header()
    if (header?.kind === KIND.META) {
      this.blocks.seq = header.seq + 1
      await this.blocks.skip(header)
      return true
    }
    const isGone = header === undefined && (await this.input.peek(1)).length === 0
    this.blocks.tell(at, isGone ? 'it was removed, or emptied, before it could be read' : 'its first bytes are damaged')
    this.blocks.stale = true
    this.sawEnd = true
    if (isGone && !this.toNextFile(at)) this.ended = true
    return true
  }

  /** Goes to the file behind the one that an offset is in; false: it is the last. */
  private toNextFile(at: number): boolean {
    const next = this.input.joined?.nextFrom(at)
    if (next === undefined) return false
    if (!this.sawEnd) this.blocks.stale = true
    this.input.seek(next)
    return true
  }

  /** Whether no block can follow, of which `head` is all that is left; tells when the file should not end here. */
  private fileEnds(head: Buffer, at: number): boolean {
    if (this.lacksTrailer && head.length < TRAILER) {
      this.blocks.tell(at, 'its last bytes were cut off; no event is lost')
      return true
    }
    if (this.part) return head.length < BLOCK_HEADER
    if (head.length > 0) return false
    if (!this.sawEnd)
      this.blocks.tell(
        at,
        `it has no end: whoever wrote it was killed, could not go on, or still writes; ${this.blocks.upTo}`,
      )
    return true
  }

  /** Goes from bytes that are no header to the next block: behind the trailer, or where one can be read again. */
  private async findBlock(head: Buffer): Promise<void> {
    if (trailerEnd(head) !== undefined) {
      this.lacksTrailer = false
      await this.input.skip(TRAILER)
    } else if (!(await this.blocks.findNext())) this.sawEnd = true
  }

  /** Consumes a block without events, and does what it says. */
  private async handle(header: BlockHeader): Promise<void> {
    switch (header.kind) {
      case KIND.RESYNC:
        return this.resyncFrom(header)
      case KIND.KEYFRAME:
      case KIND.SNAPSHOT:
        // damage in a block before it may still come to light
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
        if (!KNOWN.has(header.kind)) this.unknown++
        return this.blocks.check(header)
    }
  }

  /** What goes with the next block. */
  private taken(): Before {
    const { skipped, resync } = this
    this.skipped = noneSkipped()
    this.resync = undefined
    return { skipped, resync }
  }

  /** Takes over what exists from here on: the input began anew, or damage had made the state untrue. */
  private async resyncFrom(header: BlockHeader): Promise<void> {
    const value = await this.blocks.payload(header)
    if (value === undefined) return
    this.resync = snapshotOf(value)
    this.blocks.stale = false
  }

  /** Consumes a block of events, and has it decoded. */
  private async eventBlock(header: BlockHeader): Promise<Pick<Block, 'header' | 'rows'>> {
    const at = this.input.position
    const stateOnly = this.start.blocks !== undefined && !(await this.matters(header, this.start.blocks))
    const wanted = header.total - (stateOnly ? header.restBytes : 0)
    const block = await this.input.peek(wanted)
    const short = block.length < wanted
    if (!short) this.blocks.reached(header)
    else this.blocks.tell(at, `it ends inside the block with the events from ${header.numMin} to ${header.numMax}`)
    if (!summaryIntact(header, block.subarray(BLOCK_HEADER, BLOCK_HEADER + header.summaryBytes)) && !short)
      this.blocks.tell(at, 'the summary of a block is damaged; no event is lost')
    const rows = rowsOf(this.decoder, this.blocks, header, block, stateOnly || short, at)
    this.decoded = Promise.all([this.decoded, rows])
    if (stateOnly) this.pass({ rows: header.restRows, shown: header.restRows, lastTime: header.timeMax })
    await this.blocks.skip(header)
    return { header, rows }
  }

  private async matters(header: BlockHeader, mayMatter: BlockTest): Promise<boolean> {
    const head = await this.input.peek(BLOCK_HEADER + header.summaryBytes)
    const summary = blockSummary(header, head.subarray(BLOCK_HEADER))
    if (summary === undefined || mayMatter(summary)) return true
    addTypes(this.prunedTypes, summary)
    return false
  }
}
