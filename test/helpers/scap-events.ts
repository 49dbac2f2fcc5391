// The events of a .scap file, block by block, as readers of such files find them.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export interface ScapEvent {
  /** ns since the epoch */
  time: bigint
  tid: number
  code: number
  params: Buffer[]
  /** only needed to update the state */
  hidden: boolean
}

/** Block types that contain an event: bytes before its header, and bytes of a parameter's length. */
const EVENTS: Readonly<Record<number, readonly [before: number, wide: 2 | 4]>> = {
  534: [10, 2],
  535: [14, 2],
  545: [10, 4],
  546: [14, 4],
}
/** Events whose lengths are wide in any block. */
const WIDE = new Set([322, 324, 402])

/** Throws if a block or an event does not end at its declared end. */
export function scapEvents(path: string): ScapEvent[] {
  const file = readFileSync(path)
  const b = file[0] === 0x1f ? gunzipSync(file) : file
  const out: ScapEvent[] = []
  for (let at = 0; at < b.length; ) {
    const type = b.readUInt32LE(at)
    const length = b.readUInt32LE(at + 4)
    if ((length & 3) !== 0 || b.readUInt32LE(at + length - 4) !== length) throw new Error(`a block at ${at} is wrong`)
    const kind = EVENTS[type]
    if (kind !== undefined) out.push(event(b, at + kind[0], at + length - 4, type))
    at += length
  }
  return out
}

function event(b: Buffer, at: number, end: number, type: number): ScapEvent {
  const code = b.readUInt16LE(at + 20)
  const n = b.readUInt32LE(at + 22)
  const wide = WIDE.has(code) ? 4 : 2
  const stop = at + b.readUInt32LE(at + 16)
  let value = at + 26 + n * wide
  const params: Buffer[] = []
  for (let i = 0; i < n; i++) {
    const length = b.readUIntLE(at + 26 + i * wide, wide)
    params.push(b.subarray(value, value + length))
    value += length
  }
  if (value !== stop || stop > end) throw new Error(`an event at ${at} is wrong`)
  return { time: b.readBigUInt64LE(at), tid: Number(b.readBigInt64LE(at + 8)), code, params, hidden: type === 535 }
}
