// Reads lines of a file of /proc that may be large, a piece at a time.
import { closeSync, openSync, readSync } from 'node:fs'
import { Cut } from './file-bytes.js'
import { TIME } from './limits.js'

const PIECE = 1 << 16

/**
 * Calls `use` with each line until it returns true. Throws Cut if the file exceeds its limit of size or time, and errors of opening
 * and reading.
 */
export function eachLine(path: string, mostBytes: number, use: (line: string) => boolean): void {
  const end = performance.now() + TIME.file
  const fd = openSync(path, 'r')
  try {
    const buffer = Buffer.allocUnsafeSlow(PIECE)
    let kept = 0
    for (let read = 0; ; ) {
      const got = readSync(fd, buffer, kept, PIECE - kept, null)
      if (got === 0) return
      read += got
      if (read > mostBytes) throw new Cut(`${path} has more than ${mostBytes >> 20} MiB`)
      if (performance.now() > end) throw new Cut(`reading ${path} takes more than ${TIME.file / 1000} s`)
      const filled = kept + got
      const last = buffer.lastIndexOf('\n', filled - 1) + 1
      if (buffer.toString('latin1', 0, last).split('\n').some(use)) return
      kept = filled - last
      buffer.copy(buffer, 0, last, filled)
    }
  } finally {
    closeSync(fd)
  }
}
