// What JIT compilers tell of the code that they make: /tmp/perf-PID.map of a process's own root, with lines of an address, a size (both
// hexadecimal) and a name (tools/perf/Documentation/jit-interface.txt of the kernel). PID is the one that the process itself knows.
import { readFileSync, statSync } from 'node:fs'
import { readForeignSync } from '../source/foreign/file.js'
import type { ForeignPath } from '../source/foreign/find.js'
import { type SymbolEntry, SymbolTable } from './symbol-table.js'

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
    try {
      const owner = statSync(`/proc/${this.pid}`).uid
      // another user's file in a folder of all may say anything
      const got = readForeignSync(placeOf(this.pid), MOST_BYTES, ({ size, uid }) => {
        return size !== this.read && (uid === owner || uid === 0)
      })
      if (got === undefined || 'why' in got) return false
      this.read = got.bytes.length
      this.table = parse(got.bytes.toString('latin1'))
      return true
    } catch {
      return false
    }
  }
}

function placeOf(pid: number): ForeignPath {
  const own = /^NSpid:.*\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? pid
  return { root: `/proc/${pid}/root`, path: `tmp/perf-${own}.map`, links: true }
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
