// A .scap file as a source of events: reads the metadata before the events, and fills batches. While the caller holds
// one batch, the next one is filled.

import { BATCH_ARENA, BATCH_ROWS, batchBytes, EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { bootNs, type EpochNs, startParts } from '../model/time.js'
import { capabilitiesOf } from '../source/capabilities.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage } from '../source/source.js'
import { addAccount } from './accounts.js'
import { BYTE_ORDER_MAGIC, blockType, FRAME, FRAME_HEAD, FRAME_TAIL, Kind, MAJOR_VERSION } from './blocks.js'
import { kernelOpenFlags } from './descriptors.js'
import { ScapError } from './error.js'
import { EventWalk } from './event-walk.js'
import { EVENT_LIMIT, Frames } from './frames.js'
import { Input } from './input.js'
import { PPME } from './libs-codes.js'
import { Metadata } from './metadata.js'
import { TABLES } from './tables.js'

/** Twice the usual size, since each batch switches threads. */
const ROWS = 2 * BATCH_ROWS
const ARENA = 2 * BATCH_ARENA
const SECTION_BODY = 16
/** Size of an event's CPU and header. */
const EVENT_HEAD = 2 + 22
/** Users and groups are searched for in this many bytes of the first events. */
const PEEK_BYTES = 1 << 20

export interface ScapOptions {
  /** enter events get rows of their own, and exit events show only what they recorded */
  enter?: boolean | undefined
  /** a descriptor that is already open, and the bytes already read from it */
  opened?: { readonly fd: number; readonly first: Uint8Array } | undefined
}

export class ScapSource implements CaptureSource {
  readonly tables = TABLES
  readonly damage: Damage[]
  /** number of events with unknown codes, and of blocks with unknown types */
  readonly unknown = { events: 0, blocks: 0 }
  info!: CaptureInfo
  /** two batches that take turns: the caller holds one while the other is filled */
  private readonly batches: readonly [EventBatch, EventBatch]
  private turn: 0 | 1 = 0
  private prefetched: Promise<EventBatch> | undefined
  private ended = false
  private readonly frames: Frames
  private readonly walk: EventWalk
  private meta = new Metadata(kernelOpenFlags)
  private first: Snapshot = { threads: [], users: [], groups: [] }
  /** the first event's time, ns since the epoch */
  private start: bigint | undefined
  private delivered = 0
  private stopped = false

  private constructor(
    private readonly name: string,
    private readonly input: Input,
    enter: boolean,
  ) {
    this.walk = new EventWalk(enter)
    this.frames = new Frames(input, name)
    this.damage = this.frames.damage
    const createBatch = () => {
      const batch = new EventBatch(new ArrayBuffer(batchBytes(ROWS, ARENA)), ROWS, ARENA)
      batch.native = false
      batch.form = new Uint16Array(batch.capacity)
      batch.forms = this.walk.forms
      return batch
    }
    this.batches = [createBatch(), createBatch()]
  }

  /**
   * Opens a file ('-': standard input) and reads it up to its first event. Throws ScapError if it is not a .scap file.
   */
  static async open(path: string, options: ScapOptions = {}): Promise<ScapSource> {
    const input = await Input.open(path, options.opened)
    try {
      const source = new ScapSource(path === '-' ? 'standard input' : path, input, options.enter === true)
      await source.readStart()
      return source
    } catch (e) {
      await input.close()
      throw e
    }
  }

  /** Reads the metadata of the first section, and the users and groups that newer files contain as events. */
  private async readStart(): Promise<void> {
    const w = this.frames.window
    if (!(await w.need(FRAME + SECTION_BODY)) || blockType(w.view.getUint32(w.at, true)).kind !== Kind.Section) {
      const why = w.left === 0 ? 'it is empty' : (this.input.problem ?? 'it does not start with a section header')
      throw new ScapError(`${this.name} is not a .scap capture: ${why}`)
    }
    const magic = w.view.getUint32(w.at + FRAME_HEAD, true)
    if (magic !== BYTE_ORDER_MAGIC)
      throw new ScapError(`${this.name} cannot be read: it was written by a machine with another byte order`)
    const major = w.view.getUint16(w.at + FRAME_HEAD + 4, true)
    if (major > MAJOR_VERSION)
      throw new ScapError(`${this.name} has format version ${major}, newer than this ksys supports (${MAJOR_VERSION})`)
    await this.metadata()
    await this.peekStart()
    this.first = this.meta.snapshot()
    this.setProcesses(this.first)
    const start = this.start ?? 0n
    const boot = this.meta.bootNs
    this.info = {
      kind: 'scap',
      has: capabilitiesOf('scap'),
      hostname: this.meta.hostname,
      kernel: '',
      arch: 'x64',
      cpus: this.meta.cpus,
      ...startParts(start as EpochNs),
      startBoot: bootNs(boot > 0n && boot <= start ? Number(start - boot) : 0),
      addresses: this.meta.addresses,
    }
  }

  /** Reads metadata blocks up to the next event block or the end. */
  private async metadata(): Promise<void> {
    const { frames } = this
    const w = frames.window
    for (;;) {
      const type = await frames.next()
      if (type === undefined || type.kind === Kind.Event) return
      if (type.kind === Kind.Unknown) this.unknown.blocks++
      else if (type.kind !== Kind.Section) {
        const wrong = this.meta.block(type, w.bytes, w.at + FRAME_HEAD, w.at + frames.length - FRAME_TAIL)
        if (wrong !== undefined) frames.report(wrong)
      }
      frames.pass()
    }
  }

  /**
   * Sets the start, which is the time of the first event that has one, and reads the users and groups that newer files contain
   * as their first events.
   */
  private async peekStart(): Promise<void> {
    const w = this.frames.window
    const { users, groups } = this.meta
    let ahead = 0
    while (ahead < PEEK_BYTES && (await w.need(ahead + FRAME_HEAD))) {
      const length = w.view.getUint32(w.at + ahead + 4, true)
      const type = blockType(w.view.getUint32(w.at + ahead, true))
      if (type.kind !== Kind.Event || length < FRAME + EVENT_HEAD || length > EVENT_LIMIT) break
      if (!(await w.need(ahead + length))) break
      const head = w.at + ahead + FRAME_HEAD + 2 + (type.flagged ? 4 : 0)
      const low = w.view.getUint32(head, true)
      const high = w.view.getUint32(head + 4, true)
      if (this.start === undefined && (low !== 0 || high !== 0)) {
        this.start = (BigInt(high) << 32n) | BigInt(low)
        this.walk.start(high, low)
      }
      const code = w.view.getUint16(head + 20, true)
      if (code !== PPME.USER_ADDED_E && code !== PPME.GROUP_ADDED_E && this.start !== undefined) break
      if (type.counted) addAccount(w.bytes, w.view, head, w.at + ahead + length - FRAME_TAIL, code, users, groups)
      ahead += length
    }
  }

  private setProcesses(s: Snapshot): void {
    for (const t of s.threads) this.walk.process(t.tid, t.pid)
  }

  async snapshot(): Promise<Snapshot> {
    return this.first
  }

  async next(): Promise<EventBatch | undefined> {
    if (this.stopped) return undefined
    let batch = await (this.prefetched ?? this.advance(true))
    if (isEmpty(batch) && !this.ended) batch = await this.advance(true)
    if (isEmpty(batch)) return undefined
    this.prefetched = this.advance(this.input.isFile)
    this.prefetched.catch(() => undefined)
    this.delivered += batch.count
    return batch
  }

  /**
   * Fills the batch that the caller does not hold. It is empty at the end of the input, or if `wait` is false and a pipe has no
   * data yet: a caller that stops must not wait for the pipe's writer.
   */
  private async advance(wait: boolean): Promise<EventBatch> {
    const { frames } = this
    const batch = this.batches[this.turn]
    this.turn = this.turn === 0 ? 1 : 0
    batch.count = 0
    batch.resync = undefined
    while (!this.ended && !this.stopped) {
      if (await this.walk.fill(batch, frames.window, (at, what) => frames.report(what, at))) break
      // deliver available rows before waiting for more
      if (!frames.isWhole && (batch.count > 0 || !wait)) break
      const type = await frames.next()
      if (type === undefined) this.ended = true
      else if (type.kind === Kind.Unknown) {
        this.unknown.blocks++
        frames.pass()
      } else if (type.kind !== Kind.Event) {
        if (batch.count > 0 || !wait) break
        await this.section(batch)
      }
    }
    this.unknown.events = this.walk.unknown
    return batch
  }

  /** Reads a new section after events: its snapshot replaces the state. */
  private async section(batch: EventBatch): Promise<void> {
    this.meta = new Metadata(kernelOpenFlags)
    this.walk.clear()
    await this.metadata()
    const s = this.meta.snapshot()
    for (const a of this.meta.addresses) if (!this.info.addresses.includes(a)) this.info.addresses.push(a)
    this.setProcesses(s)
    batch.resync = s
  }

  stats(): CaptureStats {
    return { events: this.delivered, lost: 0, late: 0 }
  }

  progress(): number | undefined {
    return this.input.total > 0 ? Math.min(1, this.input.consumed / this.input.total) : undefined
  }

  stop(): void {
    this.stopped = true
  }

  async close(): Promise<void> {
    this.stopped = true
    await this.prefetched?.catch(() => undefined)
    await this.frames.window.settle()
    await this.input.close()
  }
}

function isEmpty(batch: EventBatch): boolean {
  return batch.count === 0 && batch.resync === undefined
}
