// What JIT compilers tell of the code that they make: /tmp/perf-PID.map of a process's own root, with lines of an address, a size (both
// hexadecimal) and a name (tools/perf/Documentation/jit-interface.txt of the kernel). PID is the one that the process itself knows.
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { type SymbolEntry, SymbolTable } from './symbol-table.js'

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants
const MOST_BYTES = 64 << 20
/** ms between two looks at one file, which grows all the time while a program warms up */
const AGAIN = 1000
const LINE = /^([0-9a-f]{1,16}) ([0-9a-f]{1,16}) (.+)$/

/** The map of a process, read anew when it has grown; what is there when the process has ended stays. */
export class PerfMap {
  private table: SymbolTable | undefined
  /** bytes of the file when it was read, and when that was (ms) */
  private read = -1
  private readAt = Number.NEGATIVE_INFINITY

  constructor(private readonly pid: number) {}

  /** The name of what was compiled to an address; undefined: nothing is known there. */
  at(address: number): string | undefined {
    return this.table?.at(address) ?? (this.again() ? this.table?.at(address) : undefined)
  }

  private again(): boolean {
    if (Date.now() - this.readAt < AGAIN) return false
    this.readAt = Date.now()
    let fd: number | undefined
    try {
      fd = openSync(fileOf(this.pid), O_RDONLY | O_NONBLOCK | O_NOCTTY)
      const file = fstatSync(fd)
      const { size, uid } = file
      const owner = statSync(`/proc/${this.pid}`).uid
      // another user's file in a folder of all may say anything
      if (!file.isFile() || size > MOST_BYTES || size === this.read || (uid !== owner && uid !== 0)) return false
      this.read = size
      this.table = parse(readFileSync(fd, 'latin1'))
      return true
    } catch {
      return false
    } finally {
      if (fd !== undefined) closeSync(fd)
    }
  }
}

function fileOf(pid: number): string {
  const own = /^NSpid:.*\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? pid
  return `/proc/${pid}/root/tmp/perf-${own}.map`
}

/** A line that is none is passed over: the last one may not be whole. */
function parse(text: string): SymbolTable {
  const symbols: SymbolEntry[] = []
  const names: string[] = []
  for (const line of text.split('\n')) {
    const [, start, size, name] = LINE.exec(line) ?? []
    if (name === undefined) continue
    symbols.push({ start: Number.parseInt(start as string, 16), size: Number.parseInt(size as string, 16) })
    names.push(name)
  }
  return new SymbolTable(symbols, (i) => names[i] as string, text.length)
}
