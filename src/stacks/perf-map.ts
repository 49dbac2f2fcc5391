// What JIT compilers tell of the code that they make: /tmp/perf-PID.map of a process's own root. PID is the one that the process itself
// knows. A map grows all the time while a program warms up: of one that was read, only what was added is read.
import { fstatSync, readFileSync, type Stats, statSync } from 'node:fs'
import { withForeign } from '../source/foreign/file.js'
import { Cut, FileBytes } from './file-bytes.js'
import { PERF_MAP, TIME } from './limits.js'
import { refuseFuse } from './mounts.js'
import { PerfLines } from './perf-lines.js'
import type { Reading } from './reading.js'
import type { SymbolTable } from './symbol-table.js'

const PIECE = 1 << 20

/** The map of a process; what is there when the process has ended stays. */
export class PerfMap {
  private lines = new PerfLines()
  private table: SymbolTable | undefined
  private ino = 0
  /** bytes of the file whose lines are in the table */
  private done = 0
  /** nothing more of the file is read */
  private full = false
  private next = 0

  constructor(
    private readonly pid: number,
    private readonly reading: Reading,
  ) {}

  get weight(): number {
    return this.lines.weight
  }

  /** The name of what was compiled to an address; undefined: nothing is known there. */
  at(address: number): string | undefined {
    return this.table?.at(address) ?? (this.again() ? this.table?.at(address) : undefined)
  }

  /** Looks whether the file has more; false when it is not time to, or it has not. */
  private again(): boolean {
    const from = performance.now()
    if (from < this.next) return false
    this.next = Number.POSITIVE_INFINITY
    try {
      return this.look()
    } catch {
      // the process has ended, or has no map
      return false
    } finally {
      const now = performance.now()
      this.next = now + Math.max(TIME.again, (now - from) * TIME.againTimes)
    }
  }

  private look(): boolean {
    const owner = statSync(`/proc/${this.pid}`).uid
    const path = `/tmp/perf-${ownNumber(this.pid)}.map`
    const { pid, reading } = this
    const place = { root: `/proc/${pid}/root`, path, links: true, check: refuseFuse(pid) }
    // another user's file in a folder of all may say anything
    const ofOwner = ({ uid }: Stats) => uid === owner || uid === 0
    try {
      const more = reading.watched(`process ${pid}: ${path}`, () =>
        reading.charged(path, owner, () => withForeign(place, ofOwner, (fd) => this.more(path, fd, fstatSync(fd)))),
      )
      return more === true
    } catch (e) {
      if (e instanceof Cut) reading.cut(path, e.message)
      throw e
    }
  }

  private more(path: string, fd: number, { ino, size }: Stats): boolean {
    if (ino !== this.ino || size < this.done) this.begin(ino)
    if (this.full || size === this.done) return false
    const before = this.done
    try {
      this.add(new FileBytes(fd, size, TIME.file))
    } catch (e) {
      if (!(e instanceof Cut)) throw e
      this.full = true
      this.reading.cut(path, e.message)
    }
    if (this.done === before && !this.full) return false
    this.table = this.lines.table()
    return true
  }

  /** Adds the lines that the file has beyond those that are known, as many as one look may take. */
  private add(file: FileBytes): void {
    const end = this.done + PERF_MAP.lookBytes
    while (this.done < end) {
      const length = Math.min(PIECE, file.size - this.done)
      if (this.done + length > PERF_MAP.bytes) throw new Cut(`it has more than ${PERF_MAP.bytes >> 20} MiB`)
      const bytes = file.read(this.done, length)
      const whole = bytes === undefined ? 0 : this.lines.add(bytes)
      if (whole === 0 && length === PIECE) throw new Cut(`it has a line of more than ${PIECE >> 20} MiB`)
      if (whole === 0) return
      this.done += whole
    }
  }

  private begin(ino: number): void {
    this.ino = ino
    this.lines = new PerfLines()
    this.done = 0
    this.full = false
  }
}

function ownNumber(pid: number): string | number {
  return /^NSpid:.*\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? pid
}
