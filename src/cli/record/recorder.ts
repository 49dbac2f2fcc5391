// `ksys record`: retains the newest events in memory, and writes them to a file on a trigger, SIGUSR1 or `ksys dump`.

import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CheckedFilter, compileChecked } from '../../filter/index.js'
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { addNs, type BatchNs } from '../../model/time.js'
import type { CaptureRun } from '../../run/capture-run.js'
import { megabytes } from '../../run/memory.js'
import type { Sink } from '../../run/sink.js'
import type { Belonging } from '../../source/belonging.js'
import type { CaptureInfo } from '../../source/source.js'
import { captureNow } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { TraceError } from '../../trace/error.js'
import { MemoryTrace } from '../../trace/memory-trace.js'
import { OutputFolder } from '../../trace/rotation/folder.js'
import { FileNames, isFolder } from '../../trace/rotation/names.js'
import { NewFiles } from '../../trace/rotation/new-files.js'
import { RowNames } from '../../trace/row-names.js'
import { showStatus } from '../output/stderr.js'
import { printMessage } from '../run/report.js'
import { Dumps } from './dumps.js'
import { type Answer, type Request, type Status, statusText } from './messages.js'
import type { Recording } from './recording.js'
import { RecorderServer } from './server.js'
import { TriggerLimits } from './trigger-limits.js'

/** ms between updates of the status line */
const STATUS_EVERY = 1000
/** ms for the capture to deliver the start of a client, and between two looks */
const ARRIVAL_TIMEOUT = 10_000
const ARRIVAL_EVERY = 50

interface RecorderRun {
  /** the description of the capture, for the files */
  readonly info: CaptureInfo
  /** print no status messages */
  readonly quiet: boolean
}

export class RecorderSink implements Sink {
  private readonly names = new RowNames()
  private readonly limits: TriggerLimits
  private readonly dumps: Dumps
  private readonly files: NewFiles
  private server: RecorderServer | undefined
  /** whether an event passes the trigger */
  private triggers: ((e: Event) => boolean) | undefined
  /** ns after a request that go into its file */
  private after: number
  /** batch time (ns) of an event that passed the trigger */
  private triggered: BatchNs | undefined
  private ended = false
  /** reported that the memory is too small */
  private tooSmallReported = false
  private statusAt = Number.NEGATIVE_INFINITY
  /** fulfilled once memory contains events, or the capture has ended */
  private readonly started: Promise<void>
  private markStarted!: () => void

  private constructor(
    private readonly recording: Recording,
    private readonly run: CaptureRun,
    private readonly options: RecorderRun,
    private readonly memory: MemoryTrace,
    private readonly folder: OutputFolder,
    private readonly to: FileNames,
  ) {
    const report = (message: string) => printMessage(`ksys: ${message}`)
    this.limits = new TriggerLimits(recording.limits, report)
    this.triggers = recording.trigger && this.testOf(recording.trigger)
    this.after = recording.after
    this.files = new NewFiles(folder, to)
    this.started = new Promise((resolve) => {
      this.markStarted = resolve
    })
    const stats = () => run.stats()
    const { defs } = run.source.tables ?? {}
    this.dumps = new Dumps({ memory, info: options.info, defs, stats, limits: this.limits, report })
  }

  /** path: that of -w. Throws TraceError or CliError if memory or files cannot be used. */
  static async open(
    path: string,
    belonging: Belonging,
    recording: Recording,
    run: CaptureRun,
    options: RecorderRun,
  ): Promise<RecorderSink> {
    const to = FileNames.forPath(path, isFolder(path))
    const folder = await OutputFolder.open(to.folder, belonging)
    try {
      const memory = MemoryTrace.open(options.info, recording.memory, () => run.stats())
      const sink = new RecorderSink(recording, run, options, memory, folder, to)
      sink.server = await RecorderServer.open((request) => sink.answer(request))
      recording.usr1.handle(() => sink.dump('SIGUSR1').catch(() => undefined))
      return sink
    } catch (e) {
      await folder.close()
      throw e
    }
  }

  /** memory and files in a folder never block */
  readonly awaited = 0

  begin(): void {
    this.memory.keyframe(this.run.snapshot)
    this.markStarted()
    if (this.options.quiet) return
    const size = megabytes(this.recording.memory.bytes)
    printMessage(
      `ksys: recording to memory, at most ${size} MB; 'ksys dump ${process.pid}' or SIGUSR1 writes it to ${this.to.pattern}`,
    )
  }

  show(e: Event): void {
    this.names.note(e)
    if (this.triggered === undefined && this.triggers?.(e) === true) this.triggered = e.time
  }

  async batch(batch: EventBatch, keep: Uint8Array, from: number, to: number): Promise<void> {
    await this.memory.write(batch, keep, this.names.take(), from, to)
    if (this.memory.keyframeDue) this.memory.keyframe((this.run.states[0] as State).snapshot())
  }

  private testOf(trigger: CheckedFilter): (e: Event) => boolean {
    return compileChecked(trigger, this.run.ctx).test
  }

  status(): string {
    return statusText(this.currentStatus())
  }

  flush(): void {
    const now = captureNow(this.run.info)
    const at = this.triggered
    this.triggered = undefined
    if (at !== undefined && this.dumps.takesTriggers && this.limits.allows(at, this.memory.bytes)) this.trigger(at)
    this.dumps.tick(this.memory.lastTime, now)
    if (this.options.quiet || performance.now() - this.statusAt < STATUS_EVERY) return
    this.statusAt = performance.now()
    showStatus(this.status())
    const { oversizedKeyframe } = this.memory
    if (this.tooSmallReported || oversizedKeyframe === undefined) return
    this.tooSmallReported = true
    const [state, limit] = [oversizedKeyframe, this.recording.memory.bytes].map(megabytes)
    printMessage(
      `ksys: each keyframe, the state of this machine that a file starts with, takes ${state} MB of the ${limit} MB of memory: a larger --last retains more events`,
    )
  }

  async end(): Promise<void> {
    if (this.ended) return
    this.ended = true
    const failure = await this.dumps.end()
    this.markStarted()
    showStatus('')
    await this.server?.close()
    const { seconds } = this.currentStatus()
    await this.memory.close()
    await this.folder.close()
    if (failure !== undefined)
      throw new TraceError(
        'EWRITE',
        failure.path,
        `${failure.message}; the last ${seconds.toFixed(1)} s held in memory are lost`,
      )
    if (!this.options.quiet && this.dumps.count === 0)
      printMessage(`ksys: nothing was written; the last ${seconds.toFixed(1)} s held in memory are lost`)
  }

  /** Re-reads the file of --config. On an error it is reported and the previous options remain in effect. */
  reload(): void {
    const { reread } = this.recording
    if (reread === undefined) return
    try {
      const { trigger, after, limits, message } = reread()
      if (trigger !== undefined) this.triggers = trigger.now && this.testOf(trigger.now)
      this.after = after
      this.limits.change(limits)
      printMessage(`ksys: ${message}`)
    } catch (e) {
      printMessage(`ksys: ${(e as Error).message}`)
      printMessage('ksys: the previous options remain in effect')
    }
  }

  private trigger(at: BatchNs): void {
    const request = { cause: 'trigger', at, until: addNs(at, this.after), byTrigger: true, files: this.files }
    this.dumps.write(request).catch(() => undefined)
  }

  /** Writes a file on request of a user; returns its path. */
  private async dump(cause: string, after = this.after): Promise<string> {
    await this.started
    const at = captureNow(this.run.info)
    return this.dumps.write({ cause, at, until: addNs(at, after), byTrigger: false, files: this.files })
  }

  private async answer(request: Request): Promise<Answer> {
    if (request.ask === 'status') return this.statusFor(request.pid)
    try {
      return { dumped: resolve(await this.dump('ksys dump', request.after)) }
    } catch (e) {
      return { error: (e as Error).message }
    }
  }

  /**
   * The status, or an error if the capture is dead. A client is a process newer than the capture: it is only known once its start has
   * come all the way from the kernel, whatever the filter is.
   */
  private async statusFor(client: number | undefined): Promise<Answer> {
    const arrived = () => client === undefined || this.run.states[0]?.threads.has(client) === true
    for (const until = performance.now() + ARRIVAL_TIMEOUT; !arrived(); await sleep(ARRIVAL_EVERY)) {
      if (this.ended) return { error: 'the capture has ended' }
      if (performance.now() > until)
        return { error: 'the capture delivers no events: the start of this command has not arrived within 10 s' }
    }
    return { status: this.currentStatus() }
  }

  private currentStatus(): Status {
    const { memory, dumps, recording } = this
    const seconds = Math.max(0, memory.lastTime - memory.since) / 1e9
    return {
      seconds,
      bytes: memory.bytes,
      most: recording.memory.bytes,
      files: dumps.count,
      writing: dumps.busy,
      to: this.to.pattern,
    }
  }
}
