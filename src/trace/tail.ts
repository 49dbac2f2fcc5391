// Reads the end block of a complete trace directly, without opening the trace as a capture.
import { readSync } from 'node:fs'
import type { CaptureStats, Overview } from '../source/source.js'
import type { BlockSummary } from '../source/summary.js'
import { overviewOf } from './contents.js'
import { fileSummaryOf } from './file-summary.js'
import { BLOCK_HEADER, blockHeader, KIND, TRAILER, trailerEnd } from './format.js'
import { lossesOf } from './metadata.js'
import { valueIn } from './pack.js'
import { indexIn } from './read-range.js'

/** bytes of the first read; end blocks are seldom larger */
const FIRST_READ = 32 << 10
/** larger end blocks are ignored */
const MAX_END = 8 << 20

/** Identifies the capture that a file belongs to, and the file's place in it. */
export interface Origin {
  readonly hostname: string
  readonly startSec: number
  readonly startNsec: number
  readonly nth: number | undefined
  /** the recorder's run that it is a copy of, and the number of its first block there */
  readonly run?: string | undefined
  readonly firstSeq?: number | undefined
}

export interface Tail {
  readonly origin: Origin
  readonly contents: Overview | undefined
  readonly stats: CaptureStats
  readonly summary: BlockSummary | 'nothing' | undefined
  /** see indexIn() */
  readonly index: number | undefined
}

/** The end block of an open file of that size; undefined if it is missing, damaged, or has no origin. */
export async function tailOf(fd: number, size: number): Promise<Tail | undefined> {
  let bytes = lastBytes(fd, size, FIRST_READ)
  const endAt = bytes.length < TRAILER ? undefined : trailerEnd(bytes.subarray(bytes.length - TRAILER))
  if (endAt === undefined || endAt >= size || size - endAt > MAX_END) return undefined
  if (size - endAt > bytes.length) bytes = lastBytes(fd, size, size - endAt)
  const block = bytes.subarray(bytes.length - (size - endAt), bytes.length - TRAILER)
  const header = block.length < BLOCK_HEADER ? undefined : blockHeader(block)
  if (header?.kind !== KIND.END || header.total !== block.length) return undefined
  return tailIn(await valueIn(block))
}

function lastBytes(fd: number, size: number, bytes: number): Buffer {
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
  const overview = overviewOf(contents)
  return {
    origin: {
      hostname,
      startSec: startSec as number,
      startNsec: startNsec as number,
      nth: Number.isSafeInteger(nth) ? (nth as number) : undefined,
    },
    contents: overview,
    stats: { events: overview?.events ?? 0, lost, late, ...(losses && { losses }), ...(leftOut && { leftOut }) },
    summary: fileSummaryOf(summary),
    index: indexIn(end),
  }
}
