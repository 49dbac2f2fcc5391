// A large .scap file for the benchmark: the events of a small one repeated, with increasing times.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Block types that contain an event, and the number of bytes before the event's time. */
const EVENTS: Readonly<Record<number, number>> = { 516: 10, 520: 14, 534: 10, 535: 14, 545: 10, 546: 14 }

/** Writes at least `least` events of a (gzipped) plain capture to `path`; returns their number. */
export function repeatCapture(capture: string | URL, path: string, least: number): number {
  const bytes = gunzipSync(readFileSync(capture))
  const times: number[] = []
  let first = -1
  for (let at = 0; at + 12 <= bytes.length; at += bytes.readUInt32LE(at + 4)) {
    const before = EVENTS[bytes.readUInt32LE(at)]
    if (before === undefined) continue
    if (first < 0) first = at
    times.push(at - first + before)
  }
  const body = bytes.subarray(first)
  const all = times.map((at) => body.readBigUInt64LE(at)).filter((t) => t > 0n)
  const span = (all[all.length - 1] as bigint) - (all[0] as bigint) + 1_000_000n
  const fd = openSync(path, 'w')
  writeSync(fd, bytes, 0, first)
  let written = 0
  for (; written < least; written += times.length) {
    writeSync(fd, body)
    for (const at of times) {
      const time = body.readBigUInt64LE(at)
      if (time > 0n) body.writeBigUInt64LE(time + span, at)
    }
  }
  closeSync(fd)
  return written
}
