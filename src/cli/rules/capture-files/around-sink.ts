// Retains the newest events in memory, and writes the events around an alert to a file: those before it, and those within a time after it.
// Further alerts during that time extend the file.

import type { EventBatch } from '../../../model/batch.js'
import type { Event } from '../../../model/event.js'
import { addNs, type BatchNs, type BootNs, bootOf, laterOf } from '../../../model/time.js'
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

/** Callbacks about the files. */
interface CaptureFileListener {
  /** called with messages */
  readonly report: (message: string) => void
  /** A file has ended because it reached its maximum size. */
  readonly full: (bytes: number) => void
}

/** The file being written. */
interface OpenFile extends NextFile {
  readonly rule: string
  /** capture time (ns) of the first alert, and until which the file is written */
  readonly at: BatchNs
  until: BatchNs
  /** the end that was requested; undefined: not requested yet */
  requested: number | undefined
}

export class AroundSink implements Sink {
  private readonly memory: MemoryTrace
  private readonly names = new RowNames()
  private readonly dumps: Dumps
  private current: OpenFile | undefined

  /** Throws TraceError if the memory cannot be reserved. */
  constructor(
    private readonly folder: AlertFolder,
    private readonly run: CaptureRun,
    /** the description of the files */
    private readonly info: CaptureInfo,
    private readonly listener: CaptureFileListener,
  ) {
    const stats = () => run.stats()
    const { quota, settings } = folder
    this.memory = MemoryTrace.open(info, settings.memory, stats)
    // batch times restart at 0 with each capture of the run: convert them to boot time
    const limits = {
      available: (at: BatchNs) => quota.available(this.boot(at)),
      failed: (at: BatchNs) => quota.failed(this.boot(at)),
      wrote: (at: BatchNs, bytes: number) => {
        quota.wrote(this.boot(at), bytes)
        if (settings.largest !== undefined && bytes >= settings.largest) listener.full(bytes)
      },
    }
    this.dumps = new Dumps({
      memory: this.memory,
      info,
      defs: run.source.tables?.defs,
      stats,
      limits,
      report: listener.report,
    })
  }

  /** The path of the file that will contain the calls around an alert for the current event; undefined: none. */
  around({ name, captureDuration }: Rule, e: Event): string | undefined {
    const { folder, info, current } = this
    const at = e.time
    const after = captureDuration === undefined ? folder.settings.after : captureDuration * NS_PER_MS
    if (current !== undefined) {
      current.until = laterOf(current.until, addNs(at, after))
      return current.path
    }
    if (!folder.quota.take(name, this.boot(at), this.memory.bytes)) return undefined
    this.current = { ...folder.next(name, at, info), rule: name, at, until: addNs(at, after), requested: undefined }
    return this.current.path
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
    this.request()
    this.dumps.tick(this.memory.lastTime, captureNow(this.info))
  }

  async end(): Promise<void> {
    this.request()
    const failure = await this.dumps.end()
    if (failure !== undefined) this.listener.report(`${failure.message}; its events in memory are lost`)
    await this.memory.close()
  }

  /** Requests the file up to the end that alerts need. */
  private request(): void {
    const { current } = this
    if (current === undefined || current.requested === current.until) return
    current.requested = current.until
    const { rule, at, until, files } = current
    const ended = () => {
      if (this.current === current) this.current = undefined
    }
    this.dumps.write({ cause: `rule '${rule}'`, at, until, byTrigger: true, files, ended }).then(ended, ended)
  }

  private boot(at: BatchNs): BootNs {
    return bootOf(this.info, at)
  }
}
