// The files that a recorder writes from its memory, one at a time. Each contains the events before and after the time of its request.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { type BatchNs, dateOf, laterOf } from '../../model/time.js'
import type { EventDef } from '../../schema/types.js'
import { reason } from '../../source/reason.js'
import type { CaptureInfo, CaptureStats } from '../../source/source.js'
import { TraceError } from '../../trace/index.js'
import type { Hold, MemoryTrace } from '../../trace/memory-trace.js'
import type { Output } from '../../trace/output.js'
import type { NewFiles } from '../../trace/rotation/new-files.js'
import { TraceDump } from '../../trace/trace-dump.js'
import { number } from '../run/report.js'
import type { TriggerLimits } from './trigger-limits.js'

/** ns by which events may arrive late */
const LATE = 500e6
/** ms between two attempts to write a file that could not be written */
const RETRY_EVERY = 5000
/** if a file covers this many times the requested time, the message explains why */
const MUCH_LONGER = 2

/** A request for a file. */
interface DumpRequest {
  /** the cause, for the message: `SIGUSR1` */
  readonly cause: string
  /** capture time (ns) of the request, and until which the file is written */
  readonly at: BatchNs
  readonly until: BatchNs
  readonly byTrigger: boolean
  /** where it is written, unless it extends a file that is being written */
  readonly files: NewFiles
  /** Called when no more events go into a file that was started for this request. */
  readonly ended?: () => void
}

/** What the files are written from. */
interface DumpSource {
  readonly memory: MemoryTrace
  readonly info: CaptureInfo
  readonly defs: readonly (EventDef | undefined)[] | undefined
  /** of the run so far */
  readonly stats: () => CaptureStats
  readonly limits: Pick<TriggerLimits, 'available' | 'wrote' | 'failed'>
  /** prints a message */
  readonly report: (message: string) => void
}

/** A file that could not be written: its events stay in memory, and writing is retried. */
interface FailedDump {
  readonly request: DumpRequest
  readonly error: TraceError
  /** the file that the last attempt has left on the disk */
  readonly leftover: string | undefined
  /** ms of performance.now() */
  readonly tried: number
}

interface Current extends Pick<DumpRequest, 'cause' | 'at' | 'files' | 'ended'> {
  /** it retries a file that could not be written */
  readonly retry: boolean
  until: BatchNs
  /** requested by a trigger; requested by a user (both are possible) */
  byTrigger: boolean
  byUser: boolean
  dump: TraceDump | undefined
  ending: boolean
  readonly done: Promise<string>
}

export class Dumps {
  /** number of files written */
  count = 0
  private current: Current | undefined
  private ended = false
  private failed: FailedDump | undefined

  constructor(private readonly source: DumpSource) {}

  /** Whether a file is being written. */
  get busy(): boolean {
    return this.current !== undefined
  }

  /** Whether a trigger has an effect now: further triggers do not extend a file that a trigger has started. */
  get takesTriggers(): boolean {
    return this.current?.byTrigger !== true
  }

  /**
   * Writes a file, or extends the one being written to the end of this request; returns its path. Rejects with TraceError, which is
   * already reported.
   */
  async write(request: DumpRequest): Promise<string> {
    if (this.ended) {
      const why = 'the recorder is ending: no further files are written'
      this.source.report(why)
      throw new TraceError('EWRITE', 'memory', why)
    }
    return this.join(request)
  }

  /** Ends a file that is due, or retries a failed one. last, now: capture time (ns) of the last event, and current. */
  tick(last: BatchNs, now: BatchNs): void {
    const { current, failed } = this
    if (current === undefined && failed !== undefined && performance.now() >= failed.tried + RETRY_EVERY)
      void this.retry(failed)
    if (current?.dump === undefined) return
    const full = !current.byUser && current.dump.bytes >= this.source.limits.available(now)
    if (last >= current.until || now >= current.until + LATE || full) this.finish(current)
  }

  /**
   * Ends the file being written with the events so far, and those that wait for its end. Retries a failed file once; returns the error if
   * it fails again.
   */
  async end(): Promise<TraceError | undefined> {
    this.ended = true
    while (this.current !== undefined) {
      this.finish(this.current)
      await this.current.done.catch(() => undefined)
      await nextTurn()
    }
    if (this.failed !== undefined) await this.retry(this.failed)
    return this.failed?.error
  }

  /** Retries a failed file; never rejects. */
  private async retry(failed: FailedDump): Promise<void> {
    this.failed = { ...failed, tried: performance.now() }
    await this.start(failed.request, true).catch(() => undefined)
  }

  private join(request: DumpRequest): Promise<string> {
    const { current } = this
    if (current === undefined) return this.start(request)
    // a file that is ending does not get events from now on
    if (current.ending) return current.done.catch(() => undefined).then(() => this.join(request))
    current.until = laterOf(current.until, request.until)
    if (request.byTrigger) current.byTrigger = true
    else current.byUser = true
    return current.done
  }

  private start(request: DumpRequest, retry = false): Promise<string> {
    const done = Promise.resolve().then(() => this.dump(current))
    const current: Current = { ...request, retry, byUser: !request.byTrigger, dump: undefined, ending: false, done }
    this.current = current
    done.catch(() => undefined)
    return done
  }

  private finish(current: Current): void {
    if (current.dump === undefined || current.ending) return
    current.ending = true
    current.ended?.()
    void current.dump.finish()
  }

  private async dump(current: Current): Promise<string> {
    const { memory, limits, report } = this.source
    try {
      // hold what is retained now, however long creating the file takes
      await memory.flush()
      const hold = memory.hold()
      try {
        return await this.copy(current, hold)
      } finally {
        memory.release(hold)
      }
    } catch (e) {
      limits.failed(memory.lastTime)
      // of several attempts only the first failure is reported
      if (!current.retry)
        report(`${e instanceof TraceError ? e.message : `cannot write a file: ${reason(e)}`}${this.retryNote}`)
      throw e
    } finally {
      this.current = undefined
    }
  }

  /** A clause about the retry of a file that could not be written. */
  private get retryNote(): string {
    if (this.failed === undefined || this.ended) return ''
    return `; its events stay in memory while they fit, and ksys retries every ${RETRY_EVERY / 1000} s`
  }

  private async copy(current: Current, hold: Hold): Promise<string> {
    const { memory, info, limits } = this.source
    const { files } = current
    const date = dateOf(info, current.at)
    const isRetry = this.failed?.request.files === files
    // the leftover takes space on the disk, and all of its events are in memory
    if (isRetry && this.failed?.leftover !== undefined) await files.discard(this.failed.leftover)
    let started: string | undefined
    try {
      const { name, output } = await files.create(date)
      const dump = await this.open(current, hold, output).catch(async (e: unknown) => {
        throw await files.withdraw(name, e)
      })
      started = name
      current.dump = dump
      if (this.ended) this.finish(current)
      let complete = false
      try {
        await dump.run()
        const path = files.path(await files.publish(name, date))
        complete = true
        this.count++
        if (isRetry) this.setFailed(undefined)
        this.source.report(
          `wrote ${path}: ${spanOf(dump, memory, current)}, ${number(dump.bytes)} bytes (${current.cause})`,
        )
        return path
      } finally {
        // an incomplete file is on the disk, too; of several attempts only the first counts
        if (complete || !current.retry) limits.wrote(memory.lastTime, dump.bytes, current.byTrigger)
      }
    } catch (e) {
      if (e instanceof TraceError && e.code === 'EWRITE')
        this.setFailed({ request: retryRequest(current), error: e, leftover: started, tried: performance.now() })
      throw e
    }
  }

  /** While a failed file is pending, memory retains events beyond --last. */
  private setFailed(failed: FailedDump | undefined): void {
    this.failed = failed
    this.source.memory.retainsOld = failed !== undefined
  }

  private open(current: Current, hold: Hold, output: Output): Promise<TraceDump> {
    const { memory, info, defs, stats } = this.source
    const described = current.byTrigger && !current.byUser ? { ...info, trigger: current.at } : info
    return TraceDump.start(memory, hold, output, { info: described, defs, stats })
  }
}

/** The request to retry a file; no caller waits for it. */
function retryRequest({ cause, at, until, byTrigger, byUser, files }: Current): DumpRequest {
  return { cause, at, until, byTrigger: byTrigger && !byUser, files }
}

/** The time that a file covers, with the reason if that is much more than requested. */
function spanOf({ seconds }: TraceDump, { requestedTime }: MemoryTrace, { at, until }: Current): string {
  const span = `${seconds.toFixed(1)} s`
  if (requestedTime === undefined || seconds < (MUCH_LONGER * requestedTime + until - at) / 1e9) return span
  return `${span} (--last is ${(requestedTime / 1e9).toFixed(1)} s: files start at the previous keyframe)`
}
