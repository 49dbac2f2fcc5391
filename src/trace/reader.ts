// Reads traces. Worker threads decode blocks of events while the caller processes the previous one. Damaged data is
// skipped and reported, everything else is delivered.

import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import type { BatchNs } from '../model/time.js'
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

import { ReadStatistics } from './read-statistics.js'
import type { BlockOfBatch, Prefetched, Rows } from './rows.js'
import type { Shared } from './shared.js'

/** bytes to read ahead: several blocks, or few if blocks will be skipped */
const READ_AHEAD = 512 << 10
const READ_AHEAD_PRUNING = 32 << 10

/** Options for a file that is one of several. */
interface MemberOptions {
  /** the file is still being written, so an abrupt end is not damage */
  readonly growing?: boolean
  /** data that files of the same capture share */
  readonly shared?: Shared
  /** read these files instead of the path: consecutive files of one capture */
  readonly files?: readonly JoinedFile[]
}

export class TraceSource implements CaptureSource {
  readonly info: CaptureInfo
  readonly version: string
  readonly damage: Damage[]
  readonly prunedTypes: Uint8Array
  readonly firstTime: BatchNs | undefined
  lateNames: readonly string[] = []
  private first: Snapshot | undefined
  /** unknown events in the first block, which is decoded once before it is read */
  private readonly seenBefore: number
  /** blocks that are read but not yet delivered, in order; each is read after the previous one */
  private readonly prefetched: Promise<Prefetched>[] = []
  private newest: Promise<Prefetched | undefined> = Promise.resolve(undefined)
  private readonly fetcher: BlockFetcher
  private readonly statistics = new ReadStatistics()
  /** the block of the last batch */
  block: BlockOfBatch = { seq: 0, stateOnly: false }

  private constructor(
    private readonly input: Input,
    private readonly blocks: Blocks,
    private readonly decoder: BlockDecoder,
    private readonly start: Preface,
    version: number | undefined,
    private readonly more: MemberOptions,
  ) {
    this.version = String(version ?? VERSION)
    this.damage = blocks.damage
    this.seenBefore = decoder.unknown
    this.info = start.info
    this.firstTime = start.firstTime
    if (start.idle !== undefined) decoder.omission = new Omission(start.idle, start.resolved?.wanted)
    this.fetcher = new BlockFetcher(input, blocks, decoder, start, this.statistics, more.growing === true)
    this.prunedTypes = this.fetcher.prunedTypes
  }

  /**
   * Opens a trace ('-': standard input). Of irrelevant blocks, only the rows that the state depends on are delivered. With idle
   * rows, only those that relevant processes depend on are. With options.names, container names recorded later in the file are
   * available from the start. Throws TraceError if the file is missing, empty, not a trace, or of a newer version; lesser
   * damage is reported in `damage`.
   */
  static async open(path: string, options: OpenOptions = {}, more: MemberOptions = {}): Promise<TraceSource> {
    const { files } = more
    const openInput = (ahead: number) =>
      files === undefined ? Input.open(path, ahead, options) : Promise.resolve(Input.join(files, ahead))
    const input = await openInput(options.relevant === undefined ? READ_AHEAD : READ_AHEAD_PRUNING)
    try {
      const version = await checkVersion(input)
      const blocks = new Blocks(input)
      if (version === undefined) blocks.reportDamage(0, 'its header is damaged; it is read as a trace of this version')
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
        source.lateNames = await readLateNames(await openInput(NAMES_AHEAD), decoder.another())
      return source
    } catch (e) {
      await input.close()
      throw e
    }
  }

  /** Definitions of the rows, if the trace has its own. */
  get tables(): CaptureSource['tables'] {
    return this.decoder.ownTables
  }

  /** The recorder's run that the file is a copy of, if it is one; see MemoryTrace.run. */
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
      // The caller will keep this thread busy, so reading must be complete before. A pipe is not awaited: its next
      // bytes may take long.
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

  /** Reads blocks and passes them to worker threads until all slots are in use. */
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
    this.more.shared?.recycle(this.decoder)
  }
}
