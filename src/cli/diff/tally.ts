// Counts what a run did: calls, their errors and latencies, and the accesses to each file.

import { bytesMoved, eachSide, isRead, isWrite } from '../../fields/io.js'
import { absolutePath, takesPath } from '../../fields/paths.js'
import { failed } from '../../fields/result.js'
import { NO_LATENCY } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { Histogram } from '../../model/histogram.js'
import type { Sink } from '../../run/sink.js'
import { errnoName } from '../../schema/errno.js'
import { fdName } from '../../state/fd-name.js'

/** The counts of calls of one name; times in ns. */
export class CallTally {
  calls = 0
  total = 0
  readonly times = new Histogram()
}

/** The counts of a file. */
export interface FileTally {
  calls: number
  errors: number
  /** bytes */
  read: number
  written: number
}

/** Maximum number of files; calls on further ones are only counted. */
const MOST_FILES = 200_000
/** Process ids differ between runs. */
const PROCESS = /^\/proc\/\d+(?=\/|$)/
const TASK = /^(\/proc\/[^/]+\/task)\/\d+(?=\/|$)/

export class Tally implements Sink {
  calls = 0
  errors = 0
  readonly byName = new Map<string, CallTally>()
  /** by the names of call and error, separated by a space */
  readonly byError = new Map<string, number>()
  readonly files = new Map<string, FileTally>()
  readonly processes = new Set<number>()
  /** calls on files beyond the maximum */
  omitted = 0

  /** Counts the event under the cursor. */
  show(e: Event): void {
    // exit events have odd codes; other events (switches, signals ...) are not actions of the program
    if ((e.type & 1) === 0 && !e.def.noReturn) return
    const { name } = e.def
    let c = this.byName.get(name)
    if (c === undefined) {
      c = new CallTally()
      this.byName.set(name, c)
    }
    const { calls } = e
    c.calls += calls
    this.calls += calls
    this.processes.add(e.thread?.pid ?? e.pid)
    const latency = e.batch.latency[e.row] as number
    if (latency !== NO_LATENCY) {
      c.total += latency
      c.times.add(latency / calls, calls)
    }
    const error = failed(e) ? (errnoName(-e.ret) ?? String(-e.ret)) : undefined
    if (error !== undefined) {
      this.errors += calls
      const key = `${name} ${error}`
      this.byError.set(key, (this.byError.get(key) ?? 0) + calls)
    }
    eachSide(e, this.addFile)
  }

  private readonly addFile = (e: Event): void => {
    const name = fileOf(e)
    if (name === undefined || name === '') return
    let f = this.files.get(name)
    if (f === undefined) {
      if (this.files.size >= MOST_FILES) {
        this.omitted++
        return
      }
      f = { calls: 0, errors: 0, read: 0, written: 0 }
      this.files.set(name, f)
    }
    f.calls++
    if (failed(e)) f.errors++
    const bytes = bytesMoved(e)
    if (bytes === undefined) return
    if (isRead(e)) f.read += bytes
    else if (isWrite(e)) f.written += bytes
  }
}

/** The name of the file that a call accesses, without parts that differ between runs; undefined if it accesses none. */
function fileOf(e: Event): string | undefined {
  if (takesPath(e.def)) {
    const path = absolutePath(e, 'name') ?? absolutePath(e, 'source')
    if (path !== undefined) return stable(path)
  }
  const { fd } = e
  if (fd === undefined || (fd.type !== 'file' && fd.type !== 'directory')) return undefined
  return stable(fdName(fd))
}

function stable(path: string): string {
  return path.startsWith('/proc/') ? path.replace(PROCESS, '/proc/PID').replace(TASK, '$1/TID') : path
}
