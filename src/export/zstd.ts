// zstd compression by the addon: the only file of this module that uses the addon.
import { readingAddon } from '../source/reading-addon.js'

interface Zstd {
  /** Compresses to one frame; returns its number of bytes. Throws if `to` is too small. */
  zstdCompress(from: Uint8Array, to: Uint8Array, level: number): number
}

/** Measured on a mixed load: 18.5 bytes per call; level 1: 19.6; level 6: 17.1, but more than twice the time. */
const LEVEL = 3

let target = new Uint8Array(1 << 20)

/** The bytes as one zstd frame, valid until the next call. */
export function zstd(bytes: Uint8Array): Uint8Array {
  // zstd's bound for the worst case
  const most = bytes.length + (bytes.length >> 8) + 1024
  if (target.length < most) target = new Uint8Array(most * 2)
  const size = readingAddon<Zstd>().zstdCompress(bytes, target, LEVEL)
  return target.subarray(0, size)
}
