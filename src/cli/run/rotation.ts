// -w with -C, -G or -e: writes a sequence of files. Each can be read on its own. A file gets its final name when it is complete; it is
// completed while the next one is being written. The oldest files are removed.

import { setTimeout as sleep } from 'node:timers/promises'
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { addNs, type BatchNs, batchNs, dateOf } from '../../model/time.js'
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

/** When a file ends and the next one starts, and which files are retained. */
export interface Rotation {
  /** limits of a file in bytes, s of capture time and events; whichever is reached first */
  readonly bytes?: number | undefined
  readonly seconds?: number | undefined
  readonly events?: number | undefined
  readonly keep: RetentionPolicy
  /** the command to run for each finished file, with its arguments */
  readonly onClose?: readonly string[] | undefined
}

interface RotationOptions {
  /** the description of the capture, for each file */
  readonly info: CaptureInfo
  /** called with messages about problems with files */
  readonly reportProblem: (message: string) => void
}

/** ms between checks for files to remove; ns after its time at which a file ends if there are no events */
const CHECK_EVERY = 1000
const QUIET = 500e6
/** attempts to lock a folder that another process has locked, and ms between them */
const TRIES = 100
const PAUSE = 50

/** The file being written. */
interface Current {
  readonly sink: TraceSink
  readonly writer: TraceWriter
  readonly name: string
  readonly start: Date
}

export class RotatingSink implements Sink {
  private current!: Current
  private readonly maxEvents: number
  private readonly maxBytes: number
  /** events in the current file */
  private shown = 0
  /** the current file has reached its limit of events or bytes: the next row goes to a new file */
  full = false
  /** a new file was requested */
  private requested = false
  /** batch time (ns) of the first row, and of the end of the current file */
  private origin: BatchNs | undefined
  private ends: number
  private checkedAt = performance.now()
  private closing: Promise<void> = Promise.resolve()
  private failure: unknown = undefined
  /** number of files started */
  private count = 0

  private readonly files: NewFiles

  private constructor(
    private readonly rotation: Rotation,
    private readonly run: CaptureRun,
    private readonly info: CaptureInfo,
    private readonly folder: OutputFolder,
    private readonly names: FileNames,
    private readonly retained: RetainedFiles,
    private readonly onClose: OnClose | undefined,
  ) {
    this.files = new NewFiles(folder, names)
    this.maxEvents = rotation.events ?? Number.POSITIVE_INFINITY
    this.maxBytes = rotation.bytes ?? Number.POSITIVE_INFINITY
    this.ends = rotation.seconds === undefined ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  }

  /** Starts the first file. Throws TraceError if it cannot be written, or if another ksys writes files of these names. */
  static async open(
    path: string,
    belonging: Belonging,
    rotation: Rotation,
    run: CaptureRun,
    { info, reportProblem }: RotationOptions,
  ): Promise<RotatingSink> {
    const names = FileNames.forPath(path, isFolder(path))
    const folder = await OutputFolder.open(names.folder, belonging, rotation.onClose)
    try {
      const onClose = rotation.onClose && new OnClose(folder, rotation.onClose, reportProblem)
      const isAwaited = (name: string) => onClose?.awaits(name) === true
      const retained = new RetainedFiles(folder, names, rotation.keep, reportProblem, isAwaited)
      const sink = new RotatingSink(rotation, run, info, folder, names, retained, onClose)
      await sink.startAlone()
      return sink
    } catch (e) {
      await folder.close()
      throw e
    }
  }

  /** Ends the current file before the next event, and starts a new one. */
  startFile(): void {
    this.requested = true
  }

  status(): string {
    return `${this.count} ${this.count === 1 ? 'file' : 'files'} started, writing ${this.current.name}`
  }

  /** files in a folder never block */
  readonly awaited = 0

  show(e: Event): void {
    this.current.sink.show(e)
    if (++this.shown >= this.maxEvents) this.full = true
  }

  get seamAt(): number {
    return this.full ? Number.NEGATIVE_INFINITY : this.ends
  }

  async seam(time: BatchNs): Promise<void> {
    const start = time >= this.ends ? this.step(time) : time
    if (start !== undefined) await this.next(start)
  }

  /** Advances to the interval of -G that contains a time, and returns its start; undefined for the first interval. */
  private step(time: BatchNs): BatchNs | undefined {
    const span = (this.rotation.seconds as number) * 1e9
    const first = this.origin === undefined
    this.origin ??= time
    const start = addNs(this.origin, Math.floor((time - this.origin) / span) * span)
    this.ends = start + span
    return first ? undefined : start
  }

  async batch(batch: EventBatch, keep: Uint8Array, from: number, to: number): Promise<void> {
    await this.current.sink.batch(batch, keep, from, to)
    this.measure()
  }

  async flush(): Promise<void> {
    this.check()
    const now = this.run.isLive ? captureNow(this.info) : this.lastTime
    if (this.requested) await this.next(now)
    // without events a file must end on time, too
    else if (this.run.isLive && this.origin !== undefined && now >= this.ends + QUIET)
      await this.seam(addNs(now, -QUIET))
    this.measure()
    if (!this.retained.needsWatching || performance.now() - this.checkedAt < CHECK_EVERY) return
    this.checkedAt = performance.now()
    await this.retained.trim(this.current.writer.size)
  }

  async end(): Promise<void> {
    try {
      try {
        await this.closing
        await this.finish(this.current)
      } finally {
        await this.onClose?.done()
      }
      await this.retained.trim(undefined)
      this.check()
    } finally {
      await this.folder.close()
    }
  }

  /** Starts the first file under a lock, so that no other ksys does at the same time. */
  private async startAlone(): Promise<void> {
    const lock = await this.lock()
    try {
      const [other] = await filesBeingWritten(this.folder, this.names)
      if (other !== undefined)
        throw new TraceError(
          'EWRITE',
          this.names.pattern,
          `another ksys is writing ${this.names.pattern} (${other}): stop it, or choose another name`,
        )
      await this.retained.load()
      await this.retained.trim(0)
      this.current = await this.open(undefined)
    } finally {
      await lock.release()
    }
  }

  /** Locks the folder, waiting for other processes. Throws TraceError if the lock is not released in time. */
  private async lock(): Promise<{ release(): Promise<void> }> {
    for (let tries = 1; tries <= TRIES; tries++) {
      const lock = await this.folder.lock()
      if (lock !== undefined) return lock
      await sleep(PAUSE)
    }
    const { path } = this.folder
    throw new TraceError('EWRITE', path, `cannot write to ${path}: it is locked by another process (flock)`)
  }

  /** Ends the current file, which is completed while the next one is written. time: batch time (ns) at which the next one starts. */
  private async next(time: BatchNs): Promise<void> {
    await this.closing
    this.check()
    const ended = this.current
    this.current = await this.open(time)
    this.closing = this.finish(ended)
      .then(() => this.retained.trim(this.current.writer.size))
      .catch((e: unknown) => {
        this.failure ??= e
      })
  }

  private measure(): void {
    if (this.current.writer.size >= this.maxBytes) this.full = true
  }

  private get lastTime(): BatchNs {
    return this.current.writer.lastTime
  }

  private async open(time: BatchNs | undefined): Promise<Current> {
    const { info, run } = this
    const { snapshot, source } = run
    const state = run.states[0] as State
    const continues = this.current !== undefined
    const startDate = this.dateOf(time)
    const { name, output } = await this.files.create(startDate)
    const existing = continues ? state.snapshot() : snapshot
    const start = { info, existing, defs: source.tables?.defs, nth: this.count++ }
    const writer = await TraceWriter.start(output, start).catch(async (e: unknown) => {
      throw await this.files.withdraw(name, e)
    })
    const before = continues ? run.stats() : NO_STATS
    const sink = new TraceSink(writer, state, source, () => statsSince(before, run.stats()), continues)
    this.shown = 0
    this.full = false
    this.requested = false
    return { sink, writer, name, start: startDate }
  }

  /** The start of a file; undefined: the first one. */
  private dateOf(time: BatchNs | undefined): Date {
    const { info } = this
    const at = time ?? (info.kind === 'live' ? captureNow(info) : batchNs(0))
    return dateOf(info, at)
  }

  /** Completes a file and gives it its name. */
  private async finish({ sink, writer, name, start }: Current): Promise<void> {
    await sink.end()
    const published = await this.files.publish(name, start)
    this.onClose?.take(published, this.files.path(published))
    this.retained.add(published, writer.size)
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure
  }
}
