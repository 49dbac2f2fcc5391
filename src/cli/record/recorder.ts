// `ksys record`: keeps the newest events in memory, and writes them to a file when a trigger passes or somebody asks.
import { resolve } from 'node:path'
import { type CheckedFilter, compileChecked } from '../../filter/index.js'
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
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
import { tell } from '../run/report.js'
import { Control } from './control.js'
import { Dumps } from './dumps.js'
import type { Answer, Request } from './messages.js'
import type { Recording } from './recording.js'
import { type Status, statusText } from './status.js'
import { TriggerLimits } from './trigger-limits.js'

/** ms between two looks of the status line */
const LOOK = 1000

export interface RecorderOptions {
  /** the description of the files that it writes */
  readonly info: CaptureInfo
  /** it prints nothing about how it stands */
  readonly quiet: boolean
}

export class RecorderSink implements Sink {
  private readonly names = new RowNames()
  private readonly limits: TriggerLimits
  private readonly dumps: Dumps
  private readonly files: NewFiles
  private control: Control | undefined
  /** whether an event is the trigger */
  private triggers: ((e: Event) => boolean) | undefined
  /** ns behind a moment that go into its file */
  private after: number
  /** batch time (ns) of an event that is the trigger */
  private triggered: number | undefined
  private ended = false
  /** it was told that the memory is too small */
  private crowded = false
  private looked = Number.NEGATIVE_INFINITY
  /** fulfilled once there is something in memory, or never will be */
  private readonly begun: Promise<void>
  private hasBegun!: () => void

  private constructor(
    private readonly recording: Recording,
    private readonly run: CaptureRun,
    private readonly options: RecorderOptions,
    private readonly memory: MemoryTrace,
    private readonly folder: OutputFolder,
    private readonly to: FileNames,
  ) {
    const say = (sentence: string) => tell(`ksys: ${sentence}`)
    this.limits = new TriggerLimits(recording.limits, say)
    this.triggers = recording.trigger && this.testOf(recording.trigger)
    this.after = recording.after
    this.files = new NewFiles(folder, to)
    this.begun = new Promise((resolve) => {
      this.hasBegun = resolve
    })
    const stats = () => run.stats()
    const { defs } = run.source.tables ?? {}
    this.dumps = new Dumps({ memory, info: options.info, defs, stats, limits: this.limits, tell: say })
  }

  /** path: that of -w. Throws TraceError or CliError where nothing could be kept or written. */
  static async open(
    path: string,
    belonging: Belonging,
    recording: Recording,
    run: CaptureRun,
    options: RecorderOptions,
  ): Promise<RecorderSink> {
    const to = FileNames.forPath(path, isFolder(path))
    const folder = await OutputFolder.open(to.folder, belonging)
    try {
      const memory = MemoryTrace.open(options.info, recording.memory, () => run.stats())
      const sink = new RecorderSink(recording, run, options, memory, folder, to)
      sink.control = await Control.open((request) => sink.answer(request))
      recording.usr1.to(() => sink.ask('SIGUSR1').catch(() => undefined))
      return sink
    } catch (e) {
      await folder.close()
      throw e
    }
  }

  /** Memory and files of a folder take what comes. */
  readonly awaited = 0

  begin(): void {
    this.memory.keyframe(this.run.snapshot)
    this.hasBegun()
    if (this.options.quiet) return
    const size = megabytes(this.recording.memory.bytes)
    tell(
      `ksys: recording into memory, ${size} MB at most; 'ksys dump ${process.pid}' or SIGUSR1 writes it to ${this.to.pattern}`,
    )
  }

  show(e: Event): void {
    this.names.note(e)
    if (this.triggered === undefined && this.triggers?.(e) === true) this.triggered = e.batch.time[e.row]
  }

  async batch(batch: EventBatch, keep: Uint8Array, from: number, to: number): Promise<void> {
    await this.memory.write(batch, keep, this.names.take(), from, to)
    if (this.memory.keyframeDue) this.memory.keyframe((this.run.states[0] as State).snapshot())
  }

  private testOf(trigger: CheckedFilter): (e: Event) => boolean {
    return compileChecked(trigger, this.run.ctx).test
  }

  status(): string {
    return statusText(this.standing())
  }

  flush(): void {
    const now = captureNow(this.run.info)
    const at = this.triggered
    this.triggered = undefined
    if (at !== undefined && this.dumps.takesTriggers && this.limits.allows(at, this.memory.bytes)) this.trigger(at)
    this.dumps.tick(this.memory.lastTime, now)
    if (this.options.quiet || performance.now() - this.looked < LOOK) return
    this.looked = performance.now()
    showStatus(this.status())
    const { oversizedKeyframe } = this.memory
    if (this.crowded || oversizedKeyframe === undefined) return
    this.crowded = true
    const [state, most] = [oversizedKeyframe, this.recording.memory.bytes].map(megabytes)
    tell(
      `ksys: what exists on this machine takes ${state} MB of the ${most} MB of memory by itself, for each beginning that a file may have: a larger --last keeps more`,
    )
  }

  async end(): Promise<void> {
    if (this.ended) return
    this.ended = true
    const failure = await this.dumps.end()
    this.hasBegun()
    showStatus('')
    await this.control?.close()
    const { seconds } = this.standing()
    await this.memory.close()
    await this.folder.close()
    if (failure !== undefined)
      throw new TraceError(
        'EWRITE',
        failure.path,
        `${failure.message}: the last ${seconds.toFixed(1)} s, which were in memory, are lost`,
      )
    if (!this.options.quiet && this.dumps.count === 0)
      tell(`ksys: nothing was written: the last ${seconds.toFixed(1)} s, which were in memory, are gone`)
  }

  /** Reads the file of --config again. What is wrong with it is told, and what was before stays. */
  reload(): void {
    const { reread } = this.recording
    if (reread === undefined) return
    try {
      const { trigger, after, limits, told } = reread()
      if (trigger !== undefined) this.triggers = trigger.now && this.testOf(trigger.now)
      this.after = after
      this.limits.change(limits)
      tell(`ksys: ${told}`)
    } catch (e) {
      tell(`ksys: ${(e as Error).message}`)
      tell('ksys: all stays as it was before')
    }
  }

  private trigger(at: number): void {
    const wish = { cause: 'trigger', at, until: at + this.after, byTrigger: true, files: this.files }
    this.dumps.write(wish).catch(() => undefined)
  }

  private async ask(cause: string, after = this.after): Promise<string> {
    await this.begun
    const at = captureNow(this.run.info)
    return this.dumps.write({ cause, at, until: at + after, byTrigger: false, files: this.files })
  }

  private async answer(request: Request): Promise<Answer> {
    if (request.ask === 'status') return { status: this.standing() }
    try {
      return { dumped: resolve(await this.ask('ksys dump', request.after)) }
    } catch (e) {
      return { error: (e as Error).message }
    }
  }

  private standing(): Status {
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
