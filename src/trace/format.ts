// The framing of trace files: file header, block headers, summaries, trailer. Numbers are little-endian.
//
//   file:    header (16 bytes: magic, u32 version, u32 crc32c of these 12 bytes), blocks, trailer
//   blocks:  metadata, snapshot, then events, forms and keyframes in order, pieces of the index, end
//   block:   header (96 bytes), summary, state section, rest; native/trace/block_codec.h defines their contents
//   trailer: (24 bytes: magic, f64 offset of the end block, u32 crc32c of these 16 bytes, u32 0)

import { type BatchNs, batchNs } from '../model/time.js'
import { codec } from './codec.js'

/** Not text. As in PNG, the CR LF and the byte above 127 reveal a transfer that converted the file as text. */
export const MAGIC = Buffer.from('\x89KSYS\r\n\x1a', 'latin1')
/** Version 2 has another layout of the rows in a block. Each block states its layout, so both can be read. */
export const VERSION = 2
export const OLDEST_VERSION = 1
/** A file of several traces, one for each host (src/merged). A reader of version 2 cannot read it. */
export const MERGED_VERSION = 3
export const NEWEST_VERSION = MERGED_VERSION
export const FILE_HEADER = 16
export const BLOCK_MAGIC = Buffer.from('KBLK', 'latin1')
export const BLOCK_HEADER = 96
export const TRAILER_MAGIC = Buffer.from('KSYSEND\n', 'latin1')
export const TRAILER = 24

/**
 * RESYNC: the state from there on, because the input restarted; KEYFRAME: the state after the preceding rows; FORMS: the
 * recorded layouts of rows of other tools' files, all that are known so far (see external-events.ts).
 */
export const KIND = { META: 1, SNAPSHOT: 2, EVENTS: 3, KEYFRAME: 4, INDEX: 5, END: 6, RESYNC: 7, FORMS: 8 } as const

/** Limits of a valid block, as in native/trace/block_codec.h. */
const MAX_ROWS = 65536
const MAX_ARENA = 32 << 20
const MAX_STORED = 80 << 20
const MAX_SUMMARY = 1 << 20
const MAX_RAW = 64 << 20
const MAX_LARGE_RAW = 1 << 30
const MOST_EXPANSION = 256

export interface BlockHeader {
  readonly kind: number
  /** flag values in the rows are the kernel's own */
  readonly native: boolean
  readonly summaryBytes: number
  readonly stateBytes: number
  readonly restBytes: number
  readonly stateRows: number
  readonly restRows: number
  readonly stateArena: number
  readonly restArena: number
  readonly summaryCrc: number
  readonly stateCrc: number
  readonly restCrc: number
  /** bytes of the unpacked payload, if the block has no events */
  readonly rawBytes: number
  readonly numMin: number
  readonly numMax: number
  readonly timeMin: BatchNs
  readonly timeMax: BatchNs
  /** sequence number of the block in the file, from 0 */
  readonly seq: number
  /** bytes of the complete block */
  readonly total: number
}

/** The first bytes of a trace file. */
export function fileHeader(version = VERSION): Buffer {
  const b = Buffer.alloc(FILE_HEADER)
  MAGIC.copy(b)
  b.writeUInt32LE(version, MAGIC.length)
  b.writeUInt32LE(codec().crc32c(b.subarray(0, FILE_HEADER - 4)), FILE_HEADER - 4)
  return b
}

/** Version of the trace that starts with these bytes, undefined if they are not a trace. */
export function fileVersion(first: Uint8Array): number | undefined {
  if (first.length < FILE_HEADER || MAGIC.compare(first, 0, MAGIC.length) !== 0) return undefined
  return new DataView(first.buffer, first.byteOffset).getUint32(MAGIC.length, true)
}

/** Whether the checksum of a file header is correct. */
export function headerIntact(first: Buffer): boolean {
  return first.readUInt32LE(FILE_HEADER - 4) === codec().crc32c(first.subarray(0, FILE_HEADER - 4))
}

/** The block header in these bytes, undefined if there is none or it is damaged. */
export function blockHeader(b: Buffer): BlockHeader | undefined {
  if (b.length < BLOCK_HEADER || BLOCK_MAGIC.compare(b, 0, 4) !== 0) return undefined
  if (b.readUInt32LE(BLOCK_HEADER - 4) !== codec().crc32c(b.subarray(0, BLOCK_HEADER - 4))) return undefined
  const u32 = (at: number) => b.readUInt32LE(at)
  const f64 = (at: number) => b.readDoubleLE(at)
  const header = {
    kind: b[4] as number,
    native: ((b[5] as number) & 1) === 1,
    summaryBytes: u32(8),
    stateBytes: u32(12),
    restBytes: u32(16),
    stateRows: u32(20),
    restRows: u32(24),
    stateArena: u32(28),
    restArena: u32(32),
    summaryCrc: u32(36),
    stateCrc: u32(40),
    restCrc: u32(44),
    rawBytes: u32(80),
    numMin: f64(48),
    numMax: f64(56),
    timeMin: batchNs(f64(64)),
    timeMax: batchNs(f64(72)),
    seq: u32(84),
    total: BLOCK_HEADER + u32(8) + u32(12) + u32(16),
  }
  const possible =
    header.summaryBytes <= MAX_SUMMARY &&
    header.stateBytes + header.restBytes <= MAX_STORED &&
    header.stateRows + header.restRows <= MAX_ROWS &&
    header.stateArena + header.restArena <= MAX_ARENA &&
    mayUnpack(header.rawBytes, header.stateBytes)
  return possible ? header : undefined
}

/** Whether a payload of that size is read from that many stored bytes: a small file must not take much memory. */
function mayUnpack(bytes: number, stored: number): boolean {
  return bytes <= MAX_RAW || (bytes <= MAX_LARGE_RAW && bytes / MOST_EXPANSION <= stored)
}

/** Whether the checksum of a summary is correct. */
export function summaryIntact(header: BlockHeader, b: Buffer): boolean {
  return b.length === header.summaryBytes && codec().crc32c(b) === header.summaryCrc
}

/** The last bytes of a complete trace. */
export function trailer(endAt: number): Buffer {
  const b = Buffer.alloc(TRAILER)
  TRAILER_MAGIC.copy(b)
  b.writeDoubleLE(endAt, 8)
  b.writeUInt32LE(codec().crc32c(b.subarray(0, 16)), 16)
  return b
}

/** Offset of the end block according to a trailer, undefined if these bytes are not a trailer. */
export function trailerEnd(b: Buffer): number | undefined {
  if (b.length < TRAILER || TRAILER_MAGIC.compare(b, 0, 8) !== 0) return undefined
  if (b.readUInt32LE(16) !== codec().crc32c(b.subarray(0, 16)) || b.readUInt32LE(20) !== 0) return undefined
  const at = b.readDoubleLE(8)
  return Number.isSafeInteger(at) && at >= 0 ? at : undefined
}
