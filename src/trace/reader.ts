// Reads traces. Blocks of events are decoded on worker threads while the one before them is being looked at. What is damaged
// is left out and told; everything else is delivered.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { EVENTS } from '../schema/events/index.js'
import type { OpenOptions } from '../source/kind.js'
import type { BlockTest } from '../source/read-plan.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage, LeftOut, Overview } from '../source/source.js'
import { addTypes, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { BlockDecoder, SLOTS } from './block-decoder.js'
import { blockSummary } from './block-summary.js'
import { checkVersion } from './block-sync.js'
import { Blocks } from './blocks.js'
import {
  BLOCK_HEADER,
  type BlockHeader,
  blockHeader,
  KIND,
  summaryIntact,
  TRAILER,
  trailerEnd,
  VERSION,
} from './format.js'
import { Input } from './input.js'
import { snapshotOf } from './metadata.js'
import { namesLater } from './names-later.js'
import { endingOf } from './overview.js'
import { type Preface, readPreface } from './preface.js'
import type { Before, Block, Prefetched } from './prefetched-block.js'
import type { Gap } from './process-resolver.js'
import { ReadStatistics } from './read-statistics.js'
import { type Rows, rowsOf } from './rows.js'
import { addSkipped, noneSkipped } from './skipped-rows.js'

/** bytes read at once: whole blocks, or little when blocks will be skipped */
const AHEAD = 512 << 10
const AHEAD_PRUNING = 32 << 10

export class TraceSource implements CaptureSource {
  readonly info: CaptureInfo
  readonly version: string
  readonly damage: Damage[]
  /** events in blocks that do not matter: a bitmap by event code, as in BlockSummary */
  readonly prunedTypes = new Uint8Array(TYPE_BITMAP_BYTES)
  readonly firstTime: number | undefined
  namesLater: readonly string[] = []
  private first: Snapshot | undefined
  /** blocks that were read and not yet delivered, in order; each is read once the one before it was */
  private readonly ahead: Promise<Prefetched>[] = []
  private newest: Promise<Prefetched | undefined> = Promise.resolve(undefined)
  /** fulfilled when no block is being decoded */
  private decoded: Promise<unknown> = Promise.resolve()
  private sawEnd = false
  /** the end was read, and what every whole trace has behind it was not */
  private lacksTrailer = false
  /** nothing more is read */
  private ended = false
  /** rows that were passed over, and what exists from here on, for the next block */
  private passed = noneSkipped()
  private renewed: Snapshot | undefined
  private stopped = false
  private readonly statistics = new ReadStatistics()

  private constructor(
    private readonly input: Input,
    private readonly blocks: Blocks,
    private readonly decoder: BlockDecoder,
    private readonly start: Preface,
    version: number | undefined,
  ) {
    this.version = String(version ?? VERSION)
    this.damage = blocks.damage
    this.info = start.info
    this.firstTime = start.firstTime
    if (start.span === undefined) return
    this.prunedTypes.set(start.span.refused)
    this.passed = { ...noneSkipped(), rows: start.span.head.rows }
  }

  /**
   * Opens a trace ('-': standard input). Of blocks that do not matter to options.plan only the rows are delivered that keep the
   * state true, and once leaveOut() was called only those on which what is known of its processes depends. With options.names,
   * what is told of containers somewhere in the file is known from the beginning. Throws TraceError when it is missing, empty,
   * something else or of a newer version; anything less is told in `damage`.
   */
  static async open(path: string, options: OpenOptions = {}): Promise<TraceSource> {
    const input = await Input.open(path, options.plan === undefined ? AHEAD : AHEAD_PRUNING, options.opened)
    try {
      const version = await checkVersion(input)
      const blocks = new Blocks(input)
      if (version === undefined) blocks.tell(0, 'its first bytes are damaged; it is taken for a trace of this version')
      const decoder = new BlockDecoder()
      const source = new TraceSource(
        input,
        blocks,
        decoder,
        await readPreface(input, blocks, decoder, options),
        version,
      )
      if (options.names === true && input.size !== undefined)
        source.namesLater = await namesLater(path, decoder.another())
      return source
    } catch (e) {
      await input.close()
      throw e
    }
  }

  /** Definitions of the rows, when the trace has some of its own. */
  get tables(): CaptureSource['tables'] {
    const { tables } = this.decoder
    return tables.defs === EVENTS ? undefined : tables
  }

  async snapshot(): Promise<Snapshot> {
    this.first ??= snapshotOf(this.start.processes)
    return this.first
  }

  async next(): Promise<EventBatch | undefined> {
    let renewed: Snapshot | undefined
    for (;;) {
      this.readAhead()
      // The caller will keep this thread busy, and reading could not go on meanwhile. What a pipe brings next may take long.
      if (this.input.size !== undefined) await this.newest.catch(() => undefined)
      const block = await (this.ahead.shift() as Promise<Prefetched>)
      this.statistics.pass(block.passed, this.decoder.leftOut)
      renewed = block.renewed ?? renewed
      if (block.rows === undefined) return undefined
      const batch = this.deliver(block.header, await block.rows)
      if (batch === undefined || batch.count === 0) continue
      batch.renewed = renewed
      return batch
    }
  }

  /** Has blocks read and handed to worker threads, as many as there are slots. */
  private readAhead(): void {
    while (this.ahead.length < SLOTS) {
      const next = this.newest.then(() => this.fetch())
      next.catch(() => undefined)
      this.newest = next
      this.ahead.push(next)
    }
  }

  private deliver(header: BlockHeader, rows: Rows | undefined): EventBatch | undefined {
    if (rows === undefined) return undefined
    this.statistics.events += header.stateRows + (rows.stateOnly ? 0 : header.restRows) - rows.decoded.skipped
    return this.decoder.deliver(rows.decoded)
  }

  async overview(tick: () => void): Promise<Overview | undefined> {
    const { position, size } = this.input
    if (size === undefined || this.damage.length > 0) return undefined
    const ending = await endingOf(this.input, this.blocks.seq, tick)
    if (ending !== undefined) this.end(ending.end)
    this.input.seek(position)
    return ending?.contents
  }

  leaveOut(rows: LeftOut): void {
    const { span, followed } = this.start
    this.decoder.leftOut = rows
    this.decoder.wanted = followed?.wanted
    if (span !== undefined) this.passed = addSkipped(this.passed, { ...span.head, rows: 0 })
  }

  /** What begins here and holds nothing that is wanted. Not once state was lost: a keyframe in between would mend it. */
  private async gap(at: number): Promise<Gap | undefined> {
    const gap = this.decoder.leftOut === undefined ? undefined : this.start.followed?.gaps.get(at)
    if (gap !== undefined) await this.decoded
    return this.blocks.stale ? undefined : gap
  }

  stats(): CaptureStats {
    return this.statistics.stats()
  }

  progress(): number | undefined {
    const { size, position } = this.input
    return size === undefined ? undefined : size === 0 ? 1 : Math.min(1, position / size)
  }

  stop(): void {
    this.stopped = true
  }

  async close(): Promise<void> {
    this.stopped = true
    await this.newest.catch(() => undefined)
    await this.decoded
    await this.input.close()
  }

  /** Reads up to the next block of events, which is then being decoded, or to the end. */
  private async fetch(): Promise<Prefetched> {
    while (!this.stopped && !this.ended) {
      const at = this.input.position
      if (this.start.span !== undefined && at >= this.start.span.to) {
        this.passed = addSkipped(this.passed, this.start.span.tail)
        this.end(this.start.span.end)
        break
      }
      const gap = await this.gap(at)
      if (gap !== undefined) {
        this.passed = addSkipped(this.passed, gap.passed)
        this.input.seek(gap.to)
        this.blocks.seq = gap.seq
        continue
      }
      const head = await this.input.peek(BLOCK_HEADER)
      if (this.lacksTrailer && head.length < TRAILER) {
        this.blocks.tell(at, 'its last bytes were cut off; no event is lost')
        break
      }
      if (head.length === 0) {
        if (!this.sawEnd)
          this.blocks.tell(at, 'it has no end: whoever wrote it was killed, or still writes; all before was read')
        break
      }
      const header = blockHeader(head)
      if (header === undefined) {
        if (trailerEnd(head) !== undefined) {
          this.lacksTrailer = false
          await this.input.skip(TRAILER)
        } else if (!(await this.blocks.resync())) this.sawEnd = true
        continue
      }
      if (header.kind !== KIND.INDEX) this.blocks.checkOrder(header, at)
      if (header.kind === KIND.EVENTS) {
        const block = await this.eventBlock(header)
        return { ...block, ...this.taken() }
      }
      if (header.kind === KIND.KEYFRAME) await this.decoded
      if (header.kind === KIND.RENEWAL || (header.kind === KIND.KEYFRAME && this.blocks.stale)) {
        await this.renew(header)
      } else if (header.kind === KIND.FORMS) {
        this.decoder.declareForms(await this.blocks.payload(header))
      } else if (header.kind === KIND.END) {
        const end = await this.blocks.payload(header)
        this.end(end)
        this.lacksTrailer = end !== undefined
      } else {
        await this.blocks.check(header)
      }
    }
    this.ended = true
    return { rows: undefined, ...this.taken() }
  }

  /** What goes with the next block. */
  private taken(): Before {
    const { passed, renewed } = this
    this.passed = noneSkipped()
    this.renewed = undefined
    return { passed, renewed }
  }

  /** Takes over what exists from here on: the input began anew, or damage had made the state untrue. */
  private async renew(header: BlockHeader): Promise<void> {
    const value = await this.blocks.payload(header)
    if (value === undefined) return
    this.renewed = snapshotOf(value)
    this.blocks.stale = false
  }

  /** Consumes a block of events, and has it decoded. */
  private async eventBlock(header: BlockHeader): Promise<Pick<Block, 'header' | 'rows'>> {
    const at = this.input.position
    const stateOnly = this.start.blocks !== undefined && !(await this.matters(header, this.start.blocks))
    const wanted = header.total - (stateOnly ? header.restBytes : 0)
    const block = await this.input.peek(wanted)
    const short = block.length < wanted
    if (short)
      this.blocks.tell(at, `it ends inside the block with the events from ${header.numMin} to ${header.numMax}`)
    if (!summaryIntact(header, block.subarray(BLOCK_HEADER, BLOCK_HEADER + header.summaryBytes)) && !short)
      this.blocks.tell(at, 'the summary of a block is damaged; no event is lost')
    const rows = rowsOf(this.decoder, this.blocks, header, block, stateOnly || short, at)
    this.decoded = Promise.all([this.decoded, rows])
    if (stateOnly)
      this.passed = addSkipped(this.passed, { rows: header.restRows, shown: header.restRows, lastTime: header.timeMax })
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

  private end(value: unknown): void {
    this.sawEnd = true
    this.statistics.end(value)
  }
}
