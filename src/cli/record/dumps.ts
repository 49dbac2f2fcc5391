// The files that a recorder writes of its memory: one at a time, each with what was before the moment it is for and what came
// after.
import type { EventDef } from '../../schema/types.js'
import { reason } from '../../source/reason.js'
import type { CaptureInfo, CaptureStats } from '../../source/source.js'
import { statsSince } from '../../source/stats.js'
import { TraceError } from '../../trace/index.js'
import type { MemoryTrace } from '../../trace/memory-trace.js'
import type { NewFiles } from '../../trace/rotation/new-files.js'
import { TraceDump } from '../../trace/trace-dump.js'
import { number } from '../run/report.js'
import type { TriggerLimits } from './trigger-limits.js'

/** ns by which events may come late */
const LATE = 500e6

/** Who wants a file. */
export interface Wish {
  /** how it came to be, for people: `SIGUSR1` */
  readonly cause: string
  /** capture time (ns) of the moment, and up to which the file goes */
  readonly at: number
  readonly until: number
  readonly byTrigger: boolean
}

/** A file that was written. */
export interface Dumped {
  readonly path: string
  readonly bytes: number
  /** s of capture time in it */
  readonly seconds: number
}

/** What files are made of and where. */
export interface DumpSource {
  readonly memory: MemoryTrace
  readonly files: NewFiles
  readonly info: CaptureInfo
  readonly defs: readonly (EventDef | undefined)[] | undefined
  /** of the run so far */
  readonly stats: () => CaptureStats
  readonly limits: TriggerLimits
  readonly tell: (sentence: string) => void
}

interface Current {
  readonly wish: Wish
  until: number
  dump: TraceDump | undefined
  ending: boolean
  readonly done: Promise<Dumped>
}

export class Dumps {
  /** files that were written */
  count = 0
  private current: Current | undefined
  private ended = false

  constructor(private readonly of: DumpSource) {}

  /** Whether a file is being written. */
  get busy(): boolean {
    return this.current !== undefined
  }

  /**
   * Writes a file, or goes on with the one that is being written until this wish's end is in it too. Rejects with TraceError, which
   * was told.
   */
  write(wish: Wish): Promise<Dumped> {
    const { current } = this
    if (current !== undefined && !current.ending) {
      current.until = Math.max(current.until, wish.until)
      return current.done
    }
    // one that is about to end does not have what comes now
    if (current !== undefined) return current.done.catch(() => undefined).then(() => this.write(wish))
    const done = Promise.resolve().then(() => this.make(begun))
    const begun: Current = { wish, until: wish.until, dump: undefined, ending: false, done }
    this.current = begun
    begun.done.catch(() => undefined)
    return begun.done
  }

  /** Ends the file whose time has come. now: capture time (ns) of the last event, and of the present. */
  tick(last: number, now: number): void {
    const { current } = this
    if (current?.dump === undefined || current.ending) return
    const full = current.wish.byTrigger && current.dump.bytes >= this.of.limits.room(now)
    if (last >= current.until || now >= current.until + LATE || full || this.ended) this.finish(current)
  }

  /** Ends the file that is being written with what is there. */
  async end(): Promise<void> {
    this.ended = true
    const { current } = this
    if (current === undefined) return
    this.finish(current)
    await current.done.catch(() => undefined)
  }

  private finish(current: Current): void {
    if (current.dump === undefined || current.ending) return
    current.ending = true
    // run() tells what goes wrong
    current.dump.finish().catch(() => undefined)
  }

  private async make(current: Current): Promise<Dumped> {
    try {
      return await this.written(current)
    } catch (e) {
      this.of.limits.failed(this.of.memory.lastTime)
      this.of.tell(e instanceof TraceError ? e.message : `a file cannot be written: ${reason(e)}`)
      throw e
    } finally {
      this.current = undefined
    }
  }

  private async written(current: Current): Promise<Dumped> {
    const { memory, files, info, defs, stats, limits, tell } = this.of
    const { at, byTrigger, cause } = current.wish
    await memory.flush()
    const date = new Date(info.startSec * 1e3 + (info.startNsec + at) / 1e6)
    const { name, output } = await files.create(date)
    const from = memory.since
    const before = memory.oldest.stats
    const dump = await TraceDump.begin(memory, output, info, defs).catch(async (e: unknown) => {
      throw await files.withdraw(name, e)
    })
    current.dump = dump
    if (this.ended) this.finish(current)
    await dump.run(() => statsSince(before, stats()))
    const path = files.path(await files.publish(name, date))
    limits.wrote(memory.lastTime, dump.bytes, byTrigger)
    this.count++
    const dumped = { path, bytes: dump.bytes, seconds: (memory.lastTime - from) / 1e9 }
    tell(`wrote ${path}: ${dumped.seconds.toFixed(1)} s, ${number(dump.bytes)} bytes (${cause})`)
    return dumped
  }
}
