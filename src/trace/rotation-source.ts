// Several traces as one capture: consecutive files are read as one, groups of them one after another. Files without
// relevant rows are not opened.

import { type EventBatch, ROW } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { type BatchNs, batchNs } from '../model/time.js'
import { CODE_LIMIT } from '../schema/codes.js'
import type { OpenOptions } from '../source/kind.js'
import type { BlockTest, Described } from '../source/read-request.js'
import type { Named } from '../source/rotation-files.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage, OmittedRows } from '../source/source.js'
import { addStats, NO_STATS } from '../source/stats.js'
import { addTypes, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { TraceError } from './error.js'
import { missingFiles } from './missing-files.js'
import { TraceSource } from './reader.js'
import { RepeatedRows } from './repeated-rows.js'
import { type Member, membersOf, type Shift, shifted } from './rotation-members.js'
import { bytesOf, openSegment, type Reading, rebase, statsOf } from './segment-reading.js'
import { type Segment, segmentsOf } from './segments.js'
import { Shared } from './shared.js'
import type { Tail } from './tail.js'

type Unknown = NonNullable<CaptureSource['unknown']>

export class RotationSource implements CaptureSource {
  readonly info: CaptureInfo
  readonly version: string
  readonly tables: CaptureSource['tables']
  readonly firstTime: BatchNs | undefined
  readonly lateNames: readonly string[]
  readonly totalBytes: number
  /** source of the snapshot at the capture's start */
  private readonly first: TraceSource
  private readonly reported: Damage[] = []
  /** statistics of the files that are completely read */
  private finished: CaptureStats = NO_STATS
  private unknownBefore: Unknown = { events: 0, blocks: 0 }
  private prunedBefore: Uint8Array = new Uint8Array(TYPE_BITMAP_BYTES)
  /** bytes of the files that were read or skipped */
  private doneBytes = 0
  /** index of the next segment, and its reader, which is opened while the current one is read */
  private at = 0
  private opening: Promise<Reading | undefined> | undefined
  private current: Reading | undefined
  /** the state at the start of the current segment, delivered with its first batch */
  private resync: Snapshot | undefined
  private readonly repeatedRows = new RepeatedRows()
  /** rows omitted from the files that are completely read; undefined: every row is delivered */
  private omittedBefore: OmittedRows | undefined
  private stopped = false
  /** the first batch was requested */
  private started = false

  private constructor(
    private readonly path: string,
    private readonly segments: readonly Segment[],
    private readonly skippedFiles: readonly Member[],
    private readonly options: OpenOptions,
    private readonly shared: Shared,
    { source }: Reading,
  ) {
    this.first = source
    this.info = source.info
    this.version = source.version
    this.tables = source.tables
    this.firstTime = source.firstTime
    this.omittedBefore = source.omitted && { rows: 0, counts: new Uint32Array(CODE_LIMIT), lastTime: batchNs(0) }
    this.lateNames = source.lateNames
    this.totalBytes = bytesOf(segments.flat()) + bytesOf(skippedFiles)
  }

  /** Opens the files that a path refers to. Throws TraceError if there are none, or the first cannot be read. */
  static async open(path: string, named: Named, options: OpenOptions): Promise<RotationSource> {
    const members = await membersOf(path, named)
    const shared = new Shared()
    const { relevant } = options
    const file = relevant && (await readDescription(members[0] as Member, shared))
    const blocks = file && relevant?.(file).blocks
    const { segments, skippedFiles } = segmentsOf(members, (m) => blocks === undefined || mayBeRelevant(m, blocks))
    const reported = await missingFiles(members, named)
    for (const [i, files] of segments.entries()) {
      const first = await openSegment(files, options, shared, undefined, reported)
      if (first === undefined) continue
      const rotation = new RotationSource(path, segments, skippedFiles, options, shared, first)
      rotation.current = first
      rotation.at = i + 1
      rotation.repeatedRows.startFiles(first.files[0] as Member)
      rotation.reported.push(...reported)
      return rotation
    }
    throw new TraceError('EOPEN', path, `${path} cannot be read: its files were removed meanwhile`)
  }

  snapshot(): Promise<Snapshot> {
    return this.first.snapshot()
  }

  async next(): Promise<EventBatch | undefined> {
    if (!this.started) for (const m of this.skippedFiles) this.skipFile(m)
    this.started = true
    while (this.current !== undefined) {
      this.opening ??= this.openNext()
      const { source, files } = this.current
      const batch = await source.next()
      if (batch !== undefined) return this.deliver(batch, source, (files[0] as Member).shift)
      await this.finish(this.current)
      this.current = this.stopped ? undefined : await this.opening
      this.opening = undefined
      if (this.current !== undefined) await this.startSegment(this.current)
    }
    return undefined
  }

  get omitted(): OmittedRows | undefined {
    const { current, omittedBefore: before } = this
    const now = current?.source.omitted
    if (before === undefined || current === undefined || now === undefined) return before
    return {
      rows: before.rows + now.rows,
      counts: before.counts.map((n, code) => n + (now.counts[code] as number)),
      lastTime: batchNs(Math.max(before.lastTime, now.lastTime + (current.files[0] as Member).shift.time)),
    }
  }

  get damage(): Damage[] {
    return [...this.reported, ...(this.current?.source.damage ?? [])]
  }

  get unknown(): Unknown {
    const before = this.unknownBefore
    const { events, blocks } = this.current?.source.unknown ?? { events: 0, blocks: 0 }
    return { events: before.events + events, blocks: before.blocks + blocks }
  }

  get repeated(): boolean {
    return this.repeatedRows.count > 0
  }

  get prunedTypes(): Uint8Array {
    const now = this.current?.source.prunedTypes
    return this.prunedBefore.map((types, i) => types | (now?.[i] ?? 0))
  }

  stats(): CaptureStats {
    const all = this.read()
    return { ...all, events: all.events - this.repeatedRows.count }
  }

  /** Statistics of what was read, including the hidden rows. */
  private read(): CaptureStats {
    return this.current === undefined ? this.finished : addStats(this.finished, statsOf(this.current))
  }

  progress(): number {
    const { current, doneBytes, totalBytes: bytes } = this
    const part = current === undefined ? 0 : (current.source.progress() ?? 0) * bytesOf(current.files)
    return bytes === 0 ? 1 : Math.min(1, (doneBytes + part) / bytes)
  }

  stop(): void {
    this.stopped = true
    this.current?.source.stop()
  }

  async close(): Promise<void> {
    this.stop()
    await this.current?.source.close()
    const next = await this.opening?.catch(() => undefined)
    await next?.source.close()
  }

  /** Opens the next readable segment; undefined at the end. */
  private async openNext(): Promise<Reading | undefined> {
    while (!this.stopped && this.at < this.segments.length) {
      const files = this.segments[this.at++] as Segment
      try {
        const reading = await openSegment(files, this.options, this.shared, this.info, this.reported)
        if (reading !== undefined) return reading
      } catch (e) {
        if (!(e instanceof TraceError)) throw e
        this.reported.push({ file: e.path, offset: 0, what: e.message })
      }
      this.doneBytes += bytesOf(files)
    }
    return undefined
  }

  /** Counts the rows of a file without relevant rows. */
  private skipFile({ tail, shift, size }: Member): void {
    const { summary, contents } = tail as Tail
    if (typeof summary === 'object') addTypes(this.prunedBefore, summary)
    this.doneBytes += size
    this.finished = addStats(this.finished, (tail as Tail).stats)
    const { omittedBefore: before } = this
    if (before === undefined || contents === undefined) return
    const lastTime = batchNs(Math.max(before.lastTime, (contents.last ?? 0) + shift.time))
    this.omittedBefore = { ...before, rows: before.rows + contents.events, lastTime }
  }

  /** Replaces the state by that at the start of the segment. */
  private async startSegment({ source, files }: Reading): Promise<void> {
    const [first] = files as readonly [Member]
    const { path, shift } = first
    this.repeatedRows.startFiles(first)
    if (source.tables !== this.tables)
      throw new TraceError(
        'ENOTTRACE',
        this.path,
        `${path} has other event declarations than the files before it: read it alone, with -r ${path}`,
      )
    this.resync = rebase(await source.snapshot(), source.info, this.info, shift)
  }

  private deliver(batch: EventBatch, source: TraceSource, shift: Shift): EventBatch {
    const { info } = source
    if (batch.resync !== undefined) batch.resync = rebase(batch.resync, info, this.info, shift)
    else batch.resync = this.resync
    this.resync = undefined
    this.repeatedRows.hide(batch, source.block)
    if (shift.time === 0 && shift.num === 0) return batch
    for (let i = 0; i < batch.count; i++) {
      batch.time[i]! += shift.time
      if ((batch.flags[i]! & ROW.COUNTED) === 0) batch.num[i]! += shift.num
    }
    return batch
  }

  private async finish(reading: Reading): Promise<void> {
    const { source, files } = reading
    this.unknownBefore = this.unknown
    this.omittedBefore = this.omitted
    this.prunedBefore = this.prunedTypes
    this.finished = this.read()
    this.reported.push(...source.damage)
    this.current = undefined
    this.doneBytes += bytesOf(files)
    await source.close()
  }
}

/** The description of a file's capture; undefined if it cannot be read, which is reported when the file is read. */
async function readDescription({ path, growing }: Member, shared: Shared): Promise<Described | undefined> {
  try {
    const source = await TraceSource.open(path, {}, { growing, shared })
    await source.close()
    const { info, tables } = source
    return { info, tables }
  } catch (e) {
    if (e instanceof TraceError) return undefined
    throw e
  }
}

/** Whether a file may have relevant rows, according to its end block. */
function mayBeRelevant({ tail, shift }: Member, blocks: BlockTest): boolean {
  const { summary, contents } = tail ?? {}
  if (summary === undefined || contents === undefined) return true
  return summary !== 'nothing' && blocks(shifted(summary, shift))
}
