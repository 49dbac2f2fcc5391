// Reads traces. Blocks of events are decoded on worker threads while the one before them is being looked at. What is damaged
// is left out and told; everything else is delivered.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import type { OpenOptions } from '../source/kind.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage, OmittedRows, Overview } from '../source/source.js'
import { BlockDecoder, SLOTS } from './block-decoder.js'
import { BlockFetcher } from './block-fetcher.js'
import { checkVersion } from './block-sync.js'
import { Blocks } from './blocks.js'
import { type BlockHeader, VERSION } from './format.js'
import { Input } from './input.js'
import type { JoinedFile } from './joined-files.js'
import { NAMES_AHEAD, readLateNames } from './late-names.js'
import { snapshotOf } from './metadata.js'
import { Omission } from './omission.js'
import { endingOf } from './overview.js'
import { type Preface, readPreface } from './preface.js'
import type { BlockOfBatch, Prefetched } from './prefetched-block.js'
import { ReadStatistics } from './read-statistics.js'
import type { Rows } from './rows.js'
import type { Shared } from './shared.js'

/** bytes read at once: whole blocks, or little when blocks will be skipped */
const AHEAD = 512 << 10
const AHEAD_PRUNING = 32 << 10

/** How a file is read that is one of several. */
export interface Circumstances {
  /** it is still being written: it is no damage that it ends anywhere */
  readonly part?: boolean
  /** what it may have in common with the others */
  readonly shared?: Shared
  /** in place of the path: several files of one capture, each of which goes on where the one before ended */
  readonly files?: readonly JoinedFile[]
}

export class TraceSource implements CaptureSource {
  readonly info: CaptureInfo
  readonly version: string
  readonly damage: Damage[]
  readonly prunedTypes: Uint8Array
  readonly firstTime: number | undefined
  lateNames: readonly string[] = []
  private first: Snapshot | undefined
  /** unknown events of the first block, which is looked at before it is read */
  private readonly seenBefore: number
  /** blocks that were read and not yet delivered, in order; each is read once the one before it was */
  private readonly prefetched: Promise<Prefetched>[] = []
  private newest: Promise<Prefetched | undefined> = Promise.resolve(undefined)
  private readonly fetcher: BlockFetcher
  private readonly statistics = new ReadStatistics()
  /** that of the last batch */
  block: BlockOfBatch = { seq: 0, stateOnly: false }

  private constructor(
    private readonly input: Input,
    private readonly blocks: Blocks,
    private readonly decoder: BlockDecoder,
    private readonly start: Preface,
    version: number | undefined,
    private readonly more: Circumstances,
  ) {
    this.version = String(version ?? VERSION)
    this.damage = blocks.damage
    this.seenBefore = decoder.unknown
    this.info = start.info
    this.firstTime = start.firstTime
    if (start.idle !== undefined) decoder.omission = new Omission(start.idle, start.followed?.wanted)
    this.fetcher = new BlockFetcher(input, blocks, decoder, start, this.statistics, more.part === true)
    this.prunedTypes = this.fetcher.prunedTypes
  }

  /**
   * Opens a trace ('-': standard input). Of blocks that are not relevant only the rows are delivered that keep the state true, and where
   * rows are idle only those on which what is known of relevant processes depends. With options.names, what is told of containers somewhere
   * in the file is known from the beginning. Throws TraceError when it is missing, empty,
   * something else or of a newer version; anything less is told in `damage`.
   */
  static async open(path: string, options: OpenOptions = {}, more: Circumstances = {}): Promise<TraceSource> {
    const { files } = more
    const opened = (ahead: number) =>
      files === undefined ? Input.open(path, ahead, options) : Promise.resolve(Input.join(files, ahead))
    const input = await opened(options.relevant === undefined ? AHEAD : AHEAD_PRUNING)
    try {
      const version = await checkVersion(input)
      const blocks = new Blocks(input)
      if (version === undefined) blocks.tell(0, 'its first bytes are damaged; it is taken for a trace of this version')
      const decoder = more.shared?.decoder() ?? new BlockDecoder()
      const source = new TraceSource(
        input,
        blocks,
        decoder,
        await readPreface(input, blocks, decoder, options, more.shared),
        version,
        more,
      )
      if (options.names === true && input.size !== undefined)
        source.lateNames = await readLateNames(await opened(NAMES_AHEAD), decoder.another())
      return source
    } catch (e) {
      await input.close()
      throw e
    }
  }

  /** Definitions of the rows, when the trace has some of its own. */
  get tables(): CaptureSource['tables'] {
    return this.decoder.ownTables
  }

  /** Of which recorder's run the file is a copy, where it is one; see MemoryTrace.run. */
  get run(): string | undefined {
    return this.start.run
  }

  get unknown(): { readonly events: number; readonly blocks: number } {
    return { events: this.decoder.unknown - this.seenBefore, blocks: this.fetcher.unknown }
  }

  async snapshot(): Promise<Snapshot> {
    this.first ??= snapshotOf(await this.start.processes())
    return this.first
  }

  async next(): Promise<EventBatch | undefined> {
    let resync: Snapshot | undefined
    for (;;) {
      this.readAhead()
      // The caller will keep this thread busy, and reading could not go on meanwhile. What a pipe brings next may take long.
      if (this.input.size !== undefined) await this.newest.catch(() => undefined)
      const block = await (this.prefetched.shift() as Promise<Prefetched>)
      this.statistics.pass(block.skipped, this.decoder.omission)
      resync = block.resync ?? resync
      if (block.rows === undefined) return undefined
      const batch = this.deliver(block.header, await block.rows)
      if (batch === undefined || batch.count === 0) continue
      batch.resync = resync
      return batch
    }
  }

  /** Has blocks read and handed to worker threads, as many as there are slots. */
  private readAhead(): void {
    while (this.prefetched.length < SLOTS) {
      const next = this.newest.then(() => this.fetcher.fetch())
      next.catch(() => undefined)
      this.newest = next
      this.prefetched.push(next)
    }
  }

  private deliver(header: BlockHeader, rows: Rows | undefined): EventBatch | undefined {
    if (rows === undefined) return undefined
    this.block = { seq: header.seq, stateOnly: rows.stateOnly }
    this.statistics.events += header.stateRows + (rows.stateOnly ? 0 : header.restRows) - rows.decoded.skipped
    return this.decoder.deliver(rows.decoded)
  }

  async overview(tick: () => void): Promise<Overview | undefined> {
    const { position, size } = this.input
    if (size === undefined || this.damage.length > 0) return undefined
    const ending = await endingOf(this.input, this.blocks.seq, tick)
    if (ending !== undefined) this.fetcher.end(ending.end)
    this.input.seek(position)
    return ending?.contents
  }

  get omitted(): OmittedRows | undefined {
    return this.decoder.omission
  }

  stats(): CaptureStats {
    return this.statistics.stats()
  }

  progress(): number | undefined {
    const { size, position } = this.input
    return size === undefined ? undefined : size === 0 ? 1 : Math.min(1, position / size)
  }

  stop(): void {
    this.fetcher.stop()
  }

  async close(): Promise<void> {
    this.fetcher.stop()
    await this.newest.catch(() => undefined)
    await this.fetcher.decoded
    await this.input.close()
    this.more.shared?.giveBack(this.decoder)
  }
}
