// The files that a recorder writes of its memory: one at a time, each with what was before the moment it is for and what came
// after.
import { setImmediate as nextTurn } from 'node:timers/promises'
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

/** ns by which events may come late */
const LATE = 500e6
/** ms between two attempts to write a file that could not be written */
const AGAIN = 5000
/** a file that holds this many times what was wanted says why */
const MUCH = 2

/** Who wants a file. */
export interface Wish {
  /** how it came to be, for people: `SIGUSR1` */
  readonly cause: string
  /** capture time (ns) of the moment, and up to which the file goes */
  readonly at: number
  readonly until: number
  readonly byTrigger: boolean
  /** where it is written, unless it goes into a file that is being written */
  readonly files: NewFiles
  /** Called when nothing more comes into a file that was begun for this wish. */
  readonly ended?: () => void
}

/** What files are made of. */
export interface DumpSource {
  readonly memory: MemoryTrace
  readonly info: CaptureInfo
  readonly defs: readonly (EventDef | undefined)[] | undefined
  /** of the run so far */
  readonly stats: () => CaptureStats
  readonly limits: Pick<TriggerLimits, 'room' | 'wrote' | 'failed'>
  readonly tell: (sentence: string) => void
}

/** A file that could not be written: what was wanted of it stays in memory, and is tried again. */
interface Owed {
  readonly wish: Wish
  readonly error: TraceError
  /** what the last attempt has left on the disk */
  readonly left: string | undefined
  /** ms of performance.now() */
  readonly tried: number
}

interface Current extends Pick<Wish, 'cause' | 'at' | 'files' | 'ended'> {
  /** it is written for a file that could not be written before */
  readonly again: boolean
  until: number
  /** a trigger wanted it, somebody asked for it */
  byTrigger: boolean
  asked: boolean
  dump: TraceDump | undefined
  ending: boolean
  readonly done: Promise<string>
}

export class Dumps {
  /** files that were written */
  count = 0
  private current: Current | undefined
  private ended = false
  private owed: Owed | undefined

  constructor(private readonly of: DumpSource) {}

  /** Whether a file is being written. */
  get busy(): boolean {
    return this.current !== undefined
  }

  /** Whether a trigger makes a difference now: the file that one has begun goes on to its end, however many follow. */
  get takesTriggers(): boolean {
    return this.current?.byTrigger !== true
  }

  /**
   * Writes a file, or goes on with the one that is being written until this wish's end is in it too: its path. Rejects with TraceError, which
   * was told.
   */
  async write(wish: Wish): Promise<string> {
    if (this.ended) {
      const why = 'the recorder ends: no other file is written'
      this.of.tell(why)
      throw new TraceError('EWRITE', 'memory', why)
    }
    return this.join(wish)
  }

  /** Ends the file whose time has come. now: capture time (ns) of the last event, and of the present. */
  tick(last: number, now: number): void {
    const { current, owed } = this
    if (current === undefined && owed !== undefined && performance.now() >= owed.tried + AGAIN) void this.again(owed)
    if (current?.dump === undefined) return
    const full = !current.asked && current.dump.bytes >= this.of.limits.room(now)
    if (last >= current.until || now >= current.until + LATE || full) this.finish(current)
  }

  /**
   * Ends the file that is being written with what is there, and those that wait for its end. A file that could not be written is tried once
   * more: why it cannot be written, undefined when nothing is owed.
   */
  async end(): Promise<TraceError | undefined> {
    this.ended = true
    while (this.current !== undefined) {
      this.finish(this.current)
      await this.current.done.catch(() => undefined)
      await nextTurn()
    }
    if (this.owed !== undefined) await this.again(this.owed)
    return this.owed?.error
  }

  /** Writes what is owed; never rejects. */
  private async again(owed: Owed): Promise<void> {
    this.owed = { ...owed, tried: performance.now() }
    await this.begin(owed.wish, true).catch(() => undefined)
  }

  private join(wish: Wish): Promise<string> {
    const { current } = this
    if (current === undefined) return this.begin(wish)
    // one that is about to end does not have what comes now
    if (current.ending) return current.done.catch(() => undefined).then(() => this.join(wish))
    current.until = Math.max(current.until, wish.until)
    if (wish.byTrigger) current.byTrigger = true
    else current.asked = true
    return current.done
  }

  private begin(wish: Wish, again = false): Promise<string> {
    const done = Promise.resolve().then(() => this.make(begun))
    const begun: Current = { ...wish, again, asked: !wish.byTrigger, dump: undefined, ending: false, done }
    this.current = begun
    done.catch(() => undefined)
    return done
  }

  private finish(current: Current): void {
    if (current.dump === undefined || current.ending) return
    current.ending = true
    current.ended?.()
    void current.dump.finish()
  }

  private async make(current: Current): Promise<string> {
    const { memory, limits, tell } = this.of
    try {
      // what is kept at this moment is what is wanted, however long it takes to make a file
      await memory.flush()
      const hold = memory.hold()
      try {
        return await this.copied(current, hold)
      } finally {
        memory.release(hold)
      }
    } catch (e) {
      limits.failed(memory.lastTime)
      // of one attempt after the other the first is told
      if (!current.again)
        tell(`${e instanceof TraceError ? e.message : `a file cannot be written: ${reason(e)}`}${this.kept}`)
      throw e
    } finally {
      this.current = undefined
    }
  }

  /** A clause about what becomes of what could not be written. */
  private get kept(): string {
    if (this.owed === undefined || this.ended) return ''
    return `; it stays in memory as far as there is room, and is tried again every ${AGAIN / 1000} s`
  }

  private async copied(current: Current, hold: Hold): Promise<string> {
    const { memory, info, limits } = this.of
    const { files } = current
    const date = new Date(info.startSec * 1e3 + (info.startNsec + current.at) / 1e6)
    const isOwed = this.owed?.wish.files === files
    // it takes room, and has nothing that is not in memory
    if (isOwed && this.owed?.left !== undefined) await files.discard(this.owed.left)
    let begun: string | undefined
    try {
      const { name, output } = await files.create(date)
      const dump = await this.begun(current, hold, output).catch(async (e: unknown) => {
        throw await files.withdraw(name, e)
      })
      begun = name
      current.dump = dump
      if (this.ended) this.finish(current)
      let whole = false
      try {
        await dump.run()
        const path = files.path(await files.publish(name, date))
        whole = true
        this.count++
        if (isOwed) this.owes(undefined)
        this.of.tell(`wrote ${path}: ${spanOf(dump, memory, current)}, ${number(dump.bytes)} bytes (${current.cause})`)
        return path
      } finally {
        // one that did not become whole is on the disk, too; of several attempts the first counts
        if (whole || !current.again) limits.wrote(memory.lastTime, dump.bytes, current.byTrigger)
      }
    } catch (e) {
      if (e instanceof TraceError && e.code === 'EWRITE')
        this.owes({ wish: wishOf(current), error: e, left: begun, tried: performance.now() })
      throw e
    }
  }

  /** What could not be written is not given up for its age. */
  private owes(owed: Owed | undefined): void {
    this.owed = owed
    this.of.memory.retainsOld = owed !== undefined
  }

  private begun(current: Current, hold: Hold, output: Output): Promise<TraceDump> {
    const { memory, info, defs, stats } = this.of
    const told = current.byTrigger && !current.asked ? { ...info, trigger: current.at } : info
    return TraceDump.start(memory, hold, output, { info: told, defs, stats })
  }
}

/** The same file once more, which nobody waits for. */
function wishOf({ cause, at, until, byTrigger, asked, files }: Current): Wish {
  return { cause, at, until, byTrigger: byTrigger && !asked, files }
}

/** How long a file is, and why where that is much more than was wanted. */
function spanOf({ seconds }: TraceDump, { requestedTime }: MemoryTrace, { at, until }: Current): string {
  const said = `${seconds.toFixed(1)} s`
  if (requestedTime === undefined || seconds < (MUCH * requestedTime + until - at) / 1e9) return said
  return `${said} (--last is ${(requestedTime / 1e9).toFixed(1)} s: a file begins where what exists was recorded last before that)`
}
