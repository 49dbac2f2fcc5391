// Parses lines of a perf map: an address, a size (both hexadecimal) and a name (tools/perf/Documentation/jit-interface.txt of the kernel).
// Lines are parsed from bytes, because as strings a file of short lines would need many times its size.
import { Cut } from './file-bytes.js'
import { LONGEST_NAME, PERF_MAP } from './limits.js'
import { SymbolList, SymbolTable } from './symbol-table.js'

const NEWLINE = 10
const SPACE = 32
/** hexadecimal digits of 64 bits */
const DIGITS = 16

export class PerfLines {
  private readonly list = new SymbolList()
  /** names, each preceded by its length (u16) */
  private names = Buffer.alloc(0)
  private used = 0

  /** approximate bytes of memory, including a table */
  get weight(): number {
    return this.names.length + this.list.starts.length * 16 + this.list.length * 16
  }

  /**
   * Adds the complete lines in these bytes and returns their number of bytes. Invalid lines are skipped. Throws Cut if a limit
   * is exceeded.
   */
  add(bytes: Buffer): number {
    let from = 0
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from)
      if (end < 0) return from
      this.line(bytes, from, end)
      from = end + 1
    }
  }

  table(): SymbolTable {
    const { list, names } = this
    return new SymbolTable(
      list,
      (at) => names.toString('latin1', at + 2, at + 2 + names.readUInt16LE(at)),
      names.length,
    )
  }

  private line(bytes: Buffer, from: number, end: number): void {
    const first = digitsEnd(bytes, from, end)
    const second = digitsEnd(bytes, first + 1, end)
    if (bytes[first] !== SPACE || bytes[second] !== SPACE || first === from || second === first + 1) return
    const name = second + 1
    if (name >= end) return
    const length = Math.min(end - name, LONGEST_NAME + 1)
    const { list } = this
    if (list.length >= PERF_MAP.lines) throw new Cut(`it has more than ${PERF_MAP.lines} lines`)
    if (this.used + 2 + length > PERF_MAP.nameBytes)
      throw new Cut(`its names have more than ${PERF_MAP.nameBytes >> 20} MiB`)
    list.add(hexadecimal(bytes, from, first), hexadecimal(bytes, first + 1, second), this.used)
    this.reserve(2 + length)
    this.names.writeUInt16LE(length, this.used)
    bytes.copy(this.names, this.used + 2, name, name + length)
    this.used += 2 + length
  }

  private reserve(length: number): void {
    if (this.used + length <= this.names.length) return
    const larger = Buffer.allocUnsafeSlow(Math.ceil((this.used + length) * 1.5))
    this.names.copy(larger, 0, 0, this.used)
    this.names = larger
  }
}

/** The value of a digit; -1: not a digit. */
function digit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 48 && byte <= 57) return byte - 48
  return byte >= 97 && byte <= 102 ? byte - 87 : -1
}

/** The end of the digits that start at `from`. */
function digitsEnd(bytes: Buffer, from: number, end: number): number {
  const most = Math.min(end, from + DIGITS)
  let at = from
  while (at < most && digit(bytes[at]) >= 0) at++
  return at
}

function hexadecimal(bytes: Buffer, from: number, end: number): number {
  let value = 0
  for (let at = from; at < end; at++) value = value * 16 + digit(bytes[at])
  return value
}
