// Finds where a trace starts, and the next block after unreadable bytes.
import { TraceError } from './error.js'
import {
  BLOCK_MAGIC,
  FILE_HEADER,
  fileVersion,
  headerIntact,
  MAGIC,
  NEWEST_VERSION,
  OLDEST_VERSION,
  TRAILER_MAGIC,
  VERSION,
} from './format.js'
import type { Input } from './input.js'

const SCAN_BYTES = 256 << 10

/**
 * Version of the trace that starts here, undefined if its header is damaged. Throws TraceError if it cannot be read.
 */
export async function checkVersion(input: Input): Promise<number | undefined> {
  const first = await input.peek(FILE_HEADER)
  const { path } = input
  if (first.length === 0) throw new TraceError('EEMPTY', path, `${path} is empty`)
  if (first.length < FILE_HEADER && MAGIC.subarray(0, first.length).equals(first.subarray(0, MAGIC.length)))
    throw new TraceError('EEMPTY', path, `${path} ends before anything was recorded`)
  const version = fileVersion(first)
  if (version === undefined) throw new TraceError('ENOTTRACE', path, `${path} is not a ksys trace`)
  const intact = headerIntact(first)
  if (intact && (version > NEWEST_VERSION || version < OLDEST_VERSION))
    throw new TraceError(
      'EVERSION',
      path,
      `${path} is a trace of version ${version}, made by a newer ksys; this one reads versions up to ${NEWEST_VERSION}: update ksys`,
    )
  if (intact && version > VERSION)
    throw new TraceError(
      'EVERSION',
      path,
      `${path} is a trace of several hosts and cannot be joined with others: read it with -r ${path}`,
    )
  await input.skip(FILE_HEADER)
  return intact ? version : undefined
}

/** Consumes bytes up to the next block or the trailer; false: there is none, and everything was consumed. */
export async function skipToBlock(input: Input): Promise<boolean> {
  for (let from = 1; ; from = 0) {
    const some = await input.peek(SCAN_BYTES)
    const found = nearest(some, from)
    if (found >= 0) {
      await input.skip(found)
      return true
    }
    if (some.length < SCAN_BYTES) {
      await input.skip(some.length)
      return false
    }
    await input.skip(some.length - TRAILER_MAGIC.length)
  }
}

/** Offset of the next bytes that look like a block or the trailer, -1 if there are none. */
function nearest(bytes: Buffer, from: number): number {
  const block = bytes.indexOf(BLOCK_MAGIC, from)
  const end = bytes.indexOf(TRAILER_MAGIC, from)
  return block < 0 ? end : end < 0 ? block : Math.min(block, end)
}
