// -w with -C, -G or -e: one file after the other. Each stands alone; a file has its name when it is whole, is finished while the
// next one is being written, and the oldest go.
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import { TraceSink } from '../../run/write/trace-sink.js'
import type { Belonging } from '../../source/belonging.js'
import type { CaptureInfo } from '../../source/source.js'
import { captureNow } from '../../source/source.js'
import { NO_STATS, statsSince } from '../../source/stats.js'
import type { State } from '../../state/state.js'
import { TraceError, TraceWriter } from '../../trace/index.js'
import { OutputFolder } from '../../trace/rotation/folder.js'
import { FileNames, isFolder } from '../../trace/rotation/names.js'
import { NewFiles } from '../../trace/rotation/new-files.js'
import { OnClose } from '../../trace/rotation/on-close.js'
import { filesBeingWritten, RetainedFiles, type RetentionPolicy } from '../../trace/rotation/retention.js'

/** When a file ends and the next one begins, and what becomes of them. */
export interface Rotation {
  /** after so many bytes, s of capture time, events; whichever comes first */
  readonly bytes?: number | undefined
  readonly seconds?: number | undefined
  readonly events?: number | undefined
  readonly keep: RetentionPolicy
  /** words of the command that is run for each finished file */
  readonly onClose?: readonly string[] | undefined
}

export interface RotationOptions {
  /** the description of each file */
  readonly info: CaptureInfo
  /** takes sentences about trouble with files */
  readonly complain: (sentence: string) => void
}

/** ms between two looks at what is to be removed, and after which a file ends on a machine where nothing happens */
const LOOK = 1000
const QUIET = 500e6
/** times that a folder is looked at which others have locked, ms apart */
const TRIES = 100
const PAUSE = 50

/** The file that is being written. */
interface Current {
  readonly sink: TraceSink
  readonly writer: TraceWriter
  readonly name: string
  readonly begins: Date
}

export class RotatingSink implements Sink {
  private current!: Current
  /** what a file is to have at most */
  private readonly mostEvents: number
  private readonly mostBytes: number
  /** events in the current file */
  private shown = 0
  /** The current file has as many events, or bytes, as it is to have: the next row goes into another. */
  full = false
  /** somebody has asked for a new file */
  private asked = false
  /** batch time (ns) of the first row, and of the end of the current file where it has one */
  private origin: number | undefined
  private ends: number
  private looked = performance.now()
  private closing: Promise<void> = Promise.resolve()
  private failure: unknown = undefined
  /** files that were begun */
  private count = 0

  private readonly files: NewFiles

  private constructor(
    private readonly rotation: Rotation,
    private readonly run: CaptureRun,
    private readonly info: CaptureInfo,
    private readonly folder: OutputFolder,
    private readonly names: FileNames,
    private readonly ring: RetainedFiles,
    private readonly onClose: OnClose | undefined,
  ) {
    this.files = new NewFiles(folder, names)
    this.mostEvents = rotation.events ?? Number.POSITIVE_INFINITY
    this.mostBytes = rotation.bytes ?? Number.POSITIVE_INFINITY
    this.ends = rotation.seconds === undefined ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  }

  /** Begins the first file. Throws TraceError where none can be written, or another ksys writes files of these names. */
  static async open(
    path: string,
    belonging: Belonging,
    rotation: Rotation,
    run: CaptureRun,
    { info, complain }: RotationOptions,
  ): Promise<RotatingSink> {
    const names = FileNames.forPath(path, isFolder(path))
    const folder = await OutputFolder.open(names.folder, belonging, rotation.onClose)
    try {
      const ring = new RetainedFiles(folder, names, rotation.keep, complain)
      const onClose = rotation.onClose && new OnClose(folder, rotation.onClose, complain)
      const sink = new RotatingSink(rotation, run, info, folder, names, ring, onClose)
      await sink.beginAlone()
      return sink
    } catch (e) {
      await folder.close()
      throw e
    }
  }

  /** Ends the current file before the next event, and begins another. */
  beginFile(): void {
    this.asked = true
  }

  status(): string {
    return `${this.count} ${this.count === 1 ? 'file' : 'files'} begun, ${this.current.name} is being written`
  }

  /** Files of a folder take what comes. */
  readonly awaited = 0

  show(e: Event): void {
    this.current.sink.show(e)
    if (++this.shown >= this.mostEvents) this.full = true
  }

  get seamAt(): number {
    return this.full ? Number.NEGATIVE_INFINITY : this.ends
  }

  async seam(time: number): Promise<void> {
    const begins = time >= this.ends ? this.step(time) : time
    if (begins !== undefined) await this.next(begins)
  }

  /** Goes to the span of -G that a time is in, and tells when that began; undefined for the very first. */
  private step(time: number): number | undefined {
    const span = (this.rotation.seconds as number) * 1e9
    const first = this.origin === undefined
    this.origin ??= time
    const begins = this.origin + Math.floor((time - this.origin) / span) * span
    this.ends = begins + span
    return first ? undefined : begins
  }

  async batch(batch: EventBatch, keep: Uint8Array, from: number, to: number): Promise<void> {
    await this.current.sink.batch(batch, keep, from, to)
    this.measure()
  }

  async flush(): Promise<void> {
    this.check()
    const now = this.run.isLive ? captureNow(this.info) : this.lastTime
    if (this.asked) await this.next(now)
    // a file ends in time where nothing happens, too
    else if (this.run.isLive && this.origin !== undefined && now >= this.ends + QUIET) await this.seam(now - QUIET)
    this.measure()
    if (!this.ring.needsWatching || performance.now() - this.looked < LOOK) return
    this.looked = performance.now()
    await this.ring.trim(this.current.writer.size)
  }

  async end(): Promise<void> {
    try {
      await this.closing
      await this.finish(this.current)
      await this.ring.trim(undefined)
      this.check()
    } finally {
      await this.onClose?.done()
      await this.folder.close()
    }
  }

  /** Begins the first file where nobody else does at the same time. */
  private async beginAlone(): Promise<void> {
    const alone = await this.locked()
    try {
      const [other] = await filesBeingWritten(this.folder, this.names)
      if (other !== undefined)
        throw new TraceError(
          'EWRITE',
          this.names.pattern,
          `another ksys writes ${this.names.pattern} at present (${other}): stop it, or write files of another name`,
        )
      await this.ring.load()
      await this.ring.trim(0)
      this.current = await this.open(undefined)
    } finally {
      await alone.release()
    }
  }

  /** Waits while others begin in the folder. Throws TraceError when one does not come to an end. */
  private async locked(): Promise<{ release(): Promise<void> }> {
    for (let tries = 1; tries <= TRIES; tries++) {
      const lock = await this.folder.lock()
      if (lock !== undefined) return lock
      await sleep(PAUSE)
    }
    const { path } = this.folder
    throw new TraceError('EWRITE', path, `${path} cannot be written into: somebody else has it locked (flock)`)
  }

  /** Ends the current file, which is finished while the next one is written. time: batch time (ns) at which that begins. */
  private async next(time: number): Promise<void> {
    await this.closing
    this.check()
    const ended = this.current
    this.current = await this.open(time)
    this.closing = this.finish(ended)
      .then(() => this.ring.trim(this.current.writer.size))
      .catch((e: unknown) => {
        this.failure ??= e
      })
  }

  private measure(): void {
    if (this.current.writer.size >= this.mostBytes) this.full = true
  }

  private get lastTime(): number {
    return this.current.writer.lastTime
  }

  private async open(time: number | undefined): Promise<Current> {
    const { info, run } = this
    const { snapshot, source } = run
    const state = run.states[0] as State
    const goesOn = this.current !== undefined
    const begins = this.dateOf(time)
    const { name, output } = await this.files.create(begins)
    const existing = goesOn ? state.snapshot() : snapshot
    const start = { info, existing, defs: source.tables?.defs, nth: this.count++ }
    const writer = await TraceWriter.start(output, start).catch(async (e: unknown) => {
      throw await this.files.withdraw(name, e)
    })
    const before = goesOn ? run.stats() : NO_STATS
    const sink = new TraceSink(writer, state, source, () => statsSince(before, run.stats()), goesOn)
    this.shown = 0
    this.full = false
    this.asked = false
    return { sink, writer, name, begins }
  }

  /** When a file begins; undefined: the first one. */
  private dateOf(time: number | undefined): Date {
    const { info } = this
    const at = time ?? (info.kind === 'live' ? captureNow(info) : 0)
    return new Date(info.startSec * 1e3 + (info.startNsec + at) / 1e6)
  }

  /** Completes a file and gives it its name. */
  private async finish({ sink, writer, name, begins }: Current): Promise<void> {
    await sink.end()
    const whole = await this.files.publish(name, begins)
    this.ring.add(whole, writer.size)
    this.onClose?.take(whole, this.files.path(whole))
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure
  }
}
