// Reads an open file to its end, which need not be where its size says, and gives up at a limit.
import { read, type Work } from './steps.js'

const SMALLEST_PIECE = 64 << 10
const LARGEST_PIECE = 1 << 20

/** All bytes up to the end of a file; undefined when these are more than `most`. `size`: about how many are expected. */
export function* upTo(fd: number, size: number, most: number): Work<Buffer | undefined> {
  const piece = Math.min(Math.max(size, SMALLEST_PIECE), LARGEST_PIECE)
  const parts: Buffer[] = []
  for (let sum = 0; sum <= most; ) {
    const part = Buffer.alloc(piece)
    const length = yield* read(fd, part)
    if (length === 0) return Buffer.concat(parts)
    parts.push(part.subarray(0, length))
    sum += length
  }
  return undefined
}
