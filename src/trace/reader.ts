// Reads traces. A block of events is decoded on a worker thread while the one before it is being looked at. What is damaged
// is left out and told; everything else is delivered.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { EVENTS } from '../schema/events/index.js'
import type { OpenOptions } from '../source/kind.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage, LeftOut, Overview } from '../source/source.js'
import { addTypes, type Prune, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { checkVersion } from './begin.js'
import { BlockDecoder, type DecodedRows } from './block-decoder.js'
import { blockSummary } from './block-summary.js'
import { Blocks } from './blocks.js'
import type { Gap } from './followed.js'
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
import { endingOf } from './overview.js'
import type { Passed } from './passed.js'
import { snapshotOf } from './shape.js'
import { readStart, type Start } from './start.js'

/** bytes read at once: whole blocks, or little when blocks will be skipped */
const AHEAD = 512 << 10
const AHEAD_PRUNING = 32 << 10

export class TraceSource implements CaptureSource {
  readonly info: CaptureInfo
  readonly version: string
  readonly damage: Damage[]
  /** events in blocks that prune refused: a bitmap by event code, as in BlockSummary */
  readonly prunedTypes = new Uint8Array(TYPE_BITMAP_BYTES)
  readonly firstTime: number | undefined
  private first: Snapshot | undefined
  private ahead: Promise<EventBatch | undefined> | undefined
  private sawEnd = false
  /** for the next batch */
  private renewed: Snapshot | undefined
  private stopped = false
  private lost = 0
  private late = 0
  /** rows in blocks that were read or passed over, and in those up to the last batch */
  private passed = 0
  private events = 0

  private constructor(
    private readonly input: Input,
    private readonly blocks: Blocks,
    private readonly decoder: BlockDecoder,
    private readonly start: Start,
    version: number | undefined,
  ) {
    this.version = String(version ?? VERSION)
    this.damage = blocks.damage
    this.info = start.info
    this.firstTime = start.firstTime
    if (start.span === undefined) return
    this.prunedTypes.set(start.span.refused)
    this.passed = start.span.head.rows
  }

  /**
   * Opens a trace ('-': standard input). With options.prune, blocks for which it says false deliver only the rows that
   * keep the state true; with options.follow, and once leaveOut() was called, only those on which what is asked about
   * hangs. Throws TraceError when it is missing, empty, something else or of a newer
   * version; anything less is told in `damage`.
   */
  static async open(path: string, options: OpenOptions = {}): Promise<TraceSource> {
    const input = await Input.open(path, options.prune === undefined ? AHEAD : AHEAD_PRUNING, options.opened)
    try {
      const version = await checkVersion(input)
      const blocks = new Blocks(input)
      if (version === undefined) blocks.tell(0, 'its first bytes are damaged; it is taken for a trace of this version')
      const decoder = new BlockDecoder()
      return new TraceSource(input, blocks, decoder, await readStart(input, blocks, decoder, options), version)
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
    const batch = await (this.ahead ?? this.advance())
    this.events = this.passed
    this.ahead = batch === undefined ? Promise.resolve(undefined) : this.advance()
    this.ahead.catch(() => undefined)
    await this.handedOver(this.ahead)
    return batch
  }

  /**
   * Fulfilled when a worker thread has what it needs for the batch after this one: the caller will keep this thread busy,
   * and reading could not go on meanwhile. What a pipe brings next may take long, so that is not waited for.
   */
  private handedOver(ahead: Promise<unknown>): Promise<void> | undefined {
    if (this.input.size === undefined) return undefined
    return new Promise((go) => {
      this.decoder.started = go
      ahead.then(
        () => go(),
        () => go(),
      )
    })
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
    const { span, plan } = this.start
    this.decoder.leftOut = rows
    this.decoder.wanted = plan?.wanted
    if (span !== undefined) this.passOver({ ...span.head, rows: 0 })
  }

  /** Counts rows that are not delivered. */
  private passOver({ rows, shown, lastTime }: Passed): void {
    this.passed += rows
    const left = this.decoder.leftOut
    if (left === undefined) return
    left.rows += shown
    left.lastTime = Math.max(left.lastTime, lastTime)
  }

  /** What begins here and holds nothing that is wanted. Not once state was lost: a keyframe in between would mend it. */
  private gap(at: number): Gap | undefined {
    return this.decoder.leftOut === undefined || this.blocks.stale ? undefined : this.start.plan?.gaps.get(at)
  }

  stats(): CaptureStats {
    return { events: this.events, lost: this.lost, late: this.late }
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
    await this.ahead?.catch(() => undefined)
    await this.input.close()
  }

  /** The next batch with rows, decoded into the batch that the caller does not hold. */
  private async advance(): Promise<EventBatch | undefined> {
    while (!this.stopped) {
      const at = this.input.position
      if (this.start.span !== undefined && at >= this.start.span.to) {
        this.passOver(this.start.span.tail)
        this.end(this.start.span.end)
        return undefined
      }
      const gap = this.gap(at)
      if (gap !== undefined) {
        this.passOver(gap.passed)
        this.input.seek(gap.to)
        this.blocks.seq = gap.seq
        continue
      }
      const head = await this.input.peek(BLOCK_HEADER)
      if (head.length === 0) {
        if (!this.sawEnd)
          this.blocks.tell(at, 'it has no end: whoever wrote it was killed, or still writes; all before was read')
        return undefined
      }
      const header = blockHeader(head)
      if (header === undefined) {
        if (trailerEnd(head) !== undefined) await this.input.skip(TRAILER)
        else if (!(await this.blocks.resync())) this.sawEnd = true
        continue
      }
      if (header.kind !== KIND.INDEX) this.blocks.checkOrder(header, at)
      if (header.kind === KIND.EVENTS) {
        const batch = await this.eventBlock(header)
        if (batch !== undefined && batch.count > 0) {
          batch.renewed = this.renewed
          this.renewed = undefined
          return batch
        }
      } else if (header.kind === KIND.RENEWAL || (header.kind === KIND.KEYFRAME && this.blocks.stale)) {
        await this.renew(header)
      } else if (header.kind === KIND.FORMS) {
        this.decoder.declareForms(await this.blocks.payload(header))
      } else if (header.kind === KIND.END) {
        this.end(await this.blocks.payload(header))
      } else {
        await this.blocks.check(header)
      }
    }
    return undefined
  }

  /** Takes over what exists from here on: the input began anew, or damage had made the state untrue. */
  private async renew(header: BlockHeader): Promise<void> {
    const value = await this.blocks.payload(header)
    if (value === undefined) return
    this.renewed = snapshotOf(value)
    this.blocks.stale = false
  }

  private async eventBlock(header: BlockHeader): Promise<EventBatch | undefined> {
    const at = this.input.position
    const stateOnly = this.start.prune !== undefined && !(await this.matters(header, this.start.prune))
    const wanted = header.total - (stateOnly ? header.restBytes : 0)
    const block = await this.input.peek(wanted)
    const short = block.length < wanted
    if (short)
      this.blocks.tell(at, `it ends inside the block with the events from ${header.numMin} to ${header.numMax}`)
    if (!summaryIntact(header, block.subarray(BLOCK_HEADER, BLOCK_HEADER + header.summaryBytes)) && !short)
      this.blocks.tell(at, 'the summary of a block is damaged; no event is lost')
    const batch = await this.decode(header, block, stateOnly || short, at)
    if (stateOnly) this.passOver({ rows: header.restRows, shown: header.restRows, lastTime: header.timeMax })
    await this.blocks.skip(header)
    return batch
  }

  private async matters(header: BlockHeader, prune: Prune): Promise<boolean> {
    const head = await this.input.peek(BLOCK_HEADER + header.summaryBytes)
    const summary = blockSummary(header, head.subarray(BLOCK_HEADER))
    if (summary === undefined || prune(summary)) return true
    addTypes(this.prunedTypes, summary)
    return false
  }

  /** The block's rows; when the rest of it is damaged at least those that keep the state true. */
  private async decode(header: BlockHeader, block: Buffer, stateOnly: boolean, at: number) {
    try {
      return this.count(header, await this.decoder.rows(header, block, stateOnly), stateOnly, at)
    } catch (e) {
      const range = `events from ${header.numMin} to ${header.numMax}`
      const what = e instanceof Error ? e.message : String(e)
      if (!stateOnly && header.restRows > 0) {
        const state = await this.decoder.rows(header, block, true).catch(() => null)
        if (state !== null) {
          this.blocks.tell(at, `${range} are lost, but for those that change processes and descriptors: ${what}`)
          return this.count(header, state, true, at)
        }
      }
      this.blocks.stale = true
      this.blocks.tell(at, `a block is lost, ${range}: ${what}`)
      return undefined
    }
  }

  private count(header: BlockHeader, done: DecodedRows, stateOnly: boolean, at: number): EventBatch | undefined {
    this.passed += header.stateRows + (stateOnly ? 0 : header.restRows) - done.skipped
    if (done.skipped > 0) this.blocks.tell(at, `${done.skipped} events in a block are malformed and were left out`)
    return done.batch
  }

  private end(value: unknown): void {
    this.sawEnd = true
    const stats = typeof value === 'object' && value !== null ? (value as Record<string, unknown>).stats : undefined
    if (typeof stats !== 'object' || stats === null) return
    const { lost, late } = stats as Record<string, unknown>
    if (typeof lost === 'number' && lost >= 0) this.lost = lost
    if (typeof late === 'number' && late >= 0) this.late = late
  }
}
