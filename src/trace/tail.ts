// What the last bytes of a whole trace tell of it, read at once and without opening it as a capture.
import { readSync } from 'node:fs'
import type { CaptureStats, Overview } from '../source/source.js'
import type { BlockSummary } from '../source/summary.js'
import { overviewOf } from './contents.js'
import { fileSummaryOf } from './file-summary.js'
import { BLOCK_HEADER, blockHeader, KIND, TRAILER, trailerEnd } from './format.js'
import { lossesOf } from './metadata.js'
import { valueIn } from './payload.js'
import { indexIn } from './read-range.js'

/** bytes read at first: an end block is seldom larger */
const LIKELY = 32 << 10
/** a larger end block is not looked at */
const MOST = 8 << 20

/** Which capture a file is of, and which of its files. */
export interface Origin {
  readonly hostname: string
  readonly startSec: number
  readonly startNsec: number
  readonly nth: number | undefined
  /** the recorder's run of which it is a copy, and the number of its first block there */
  readonly run?: string | undefined
  readonly begins?: number | undefined
}

export interface Tail {
  readonly origin: Origin
  readonly contents: Overview | undefined
  readonly stats: CaptureStats
  readonly summary: BlockSummary | 'nothing' | undefined
  /** see indexIn() */
  readonly index: number | undefined
}

/** The tail of an open file of that many bytes; undefined when it has no end that tells, or a damaged one. */
export async function tailOf(fd: number, size: number): Promise<Tail | undefined> {
  let bytes = lastOf(fd, size, LIKELY)
  const endAt = bytes.length < TRAILER ? undefined : trailerEnd(bytes.subarray(bytes.length - TRAILER))
  if (endAt === undefined || endAt >= size || size - endAt > MOST) return undefined
  if (size - endAt > bytes.length) bytes = lastOf(fd, size, size - endAt)
  const block = bytes.subarray(bytes.length - (size - endAt), bytes.length - TRAILER)
  const header = block.length < BLOCK_HEADER ? undefined : blockHeader(block)
  if (header?.kind !== KIND.END || header.total !== block.length) return undefined
  return tailIn(await valueIn(block))
}

function lastOf(fd: number, size: number, bytes: number): Buffer {
  const some = Math.min(size, bytes)
  const buffer = Buffer.allocUnsafe(some)
  return buffer.subarray(0, readSync(fd, buffer, 0, some, size - some))
}

function tailIn(end: unknown): Tail | undefined {
  const { origin, contents, summary } = (end ?? {}) as { origin?: unknown; contents?: unknown; summary?: unknown }
  if (typeof origin !== 'object' || origin === null) return undefined
  const { hostname, startSec, startNsec, nth } = origin as Record<string, unknown>
  if (typeof hostname !== 'string' || !Number.isFinite(startSec) || !Number.isFinite(startNsec)) return undefined
  const { lost = 0, late = 0, losses, leftOut } = lossesOf(end)
  const told = overviewOf(contents)
  return {
    origin: {
      hostname,
      startSec: startSec as number,
      startNsec: startNsec as number,
      nth: Number.isSafeInteger(nth) ? (nth as number) : undefined,
    },
    contents: told,
    stats: { events: told?.events ?? 0, lost, late, ...(losses && { losses }), ...(leftOut && { leftOut }) },
    summary: fileSummaryOf(summary),
    index: indexIn(end),
  }
}
