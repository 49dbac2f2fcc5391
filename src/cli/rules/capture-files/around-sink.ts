// Keeps the newest events in memory beside the rules, and writes those around an alert to a file: what was before the alert, and what
// comes until its time is over. Alerts meanwhile go into the same file, which then ends later.
import type { EventBatch } from '../../../model/batch.js'
import type { Event } from '../../../model/event.js'
import type { Rule } from '../../../rules/rule.js'
import type { CaptureRun } from '../../../run/capture-run.js'
import type { Sink } from '../../../run/sink.js'
import type { CaptureInfo } from '../../../source/source.js'
import { captureNow } from '../../../source/source.js'
import type { State } from '../../../state/state.js'
import { MemoryTrace } from '../../../trace/memory-trace.js'
import { RowNames } from '../../../trace/row-names.js'
import { Dumps } from '../../record/dumps.js'
import type { AlertFolder, NextFile } from './alert-folder.js'

const NS_PER_MS = 1e6

/** Who hears what becomes of files. */
export interface Heard {
  /** takes a sentence */
  readonly tell: (sentence: string) => void
  /** A file has ended as it was as large as it may be. */
  readonly full: (bytes: number) => void
}

/** The file that takes what comes. */
interface Going extends NextFile {
  readonly rule: string
  /** capture time (ns) of the first alert, and up to which it goes */
  readonly at: number
  until: number
  /** up to which it was asked for; undefined: not yet */
  asked: number | undefined
}

export class AroundSink implements Sink {
  private readonly memory: MemoryTrace
  private readonly names = new RowNames()
  private readonly dumps: Dumps
  private going: Going | undefined

  /** Throws TraceError where the system gives no such memory. */
  constructor(
    private readonly folder: AlertFolder,
    private readonly run: CaptureRun,
    /** the description of the files */
    private readonly info: CaptureInfo,
    private readonly heard: Heard,
  ) {
    const stats = () => run.stats()
    const { quota, settings } = folder
    this.memory = MemoryTrace.open(info, settings.memory, stats)
    // times of the run's captures, each of which begins at nothing
    const limits = {
      available: (at: number) => quota.room(this.boot(at)),
      failed: (at: number) => quota.failed(this.boot(at)),
      wrote: (at: number, bytes: number) => {
        quota.wrote(this.boot(at), bytes)
        if (settings.largest !== undefined && bytes >= settings.largest) heard.full(bytes)
      },
    }
    this.dumps = new Dumps({
      memory: this.memory,
      info,
      defs: run.source.tables?.defs,
      stats,
      limits,
      report: heard.tell,
    })
  }

  /** The path of the file that will have the calls around an alert at the event under the cursor; undefined: none will. */
  around({ name, captureDuration }: Rule, e: Event): string | undefined {
    const { folder, info, going } = this
    const at = e.time
    const after = captureDuration === undefined ? folder.settings.after : captureDuration * NS_PER_MS
    if (going !== undefined) {
      going.until = Math.max(going.until, at + after)
      return going.path
    }
    if (!folder.quota.take(name, this.boot(at), this.memory.bytes)) return undefined
    this.going = { ...folder.next(name, at, info), rule: name, at, until: at + after, asked: undefined }
    return this.going.path
  }

  begin(): void {
    this.memory.keyframe(this.run.snapshot)
  }

  show(e: Event): void {
    this.names.note(e)
  }

  async batch(batch: EventBatch, keep: Uint8Array, from: number, to: number): Promise<void> {
    await this.memory.write(batch, keep, this.names.take(), from, to)
    if (this.memory.keyframeDue) this.memory.keyframe((this.run.states[0] as State).snapshot())
  }

  flush(): void {
    this.ask()
    this.dumps.tick(this.memory.lastTime, captureNow(this.info))
  }

  async end(): Promise<void> {
    this.ask()
    const failure = await this.dumps.end()
    if (failure !== undefined) this.heard.tell(`${failure.message}: what was in memory of it is lost`)
    await this.memory.close()
  }

  /** Has the file written up to where alerts want it. */
  private ask(): void {
    const { going } = this
    if (going === undefined || going.asked === going.until) return
    going.asked = going.until
    const { rule, at, until, files } = going
    const over = () => {
      if (this.going === going) this.going = undefined
    }
    const wish = { cause: `rule '${rule}'`, at, until, byTrigger: true, files, ended: over }
    this.dumps.write(wish).then(over, over)
  }

  private boot(at: number): number {
    return this.info.startBoot + at
  }
}
