// A value in packed metadata that the reader knows already: it is recognized by its bytes and not unpacked. Most traces contain the table of
// events of the very ksys that reads them, and unpacking it took a tenth of a short run.

import type { LazyValue } from './pack.js'

/** What unpack() returns instead of a known part. */
export const KNOWN = Symbol('known')

/** The value of an entry of a packed map. hash: of its bytes. */
export interface KnownPart {
  readonly key: string
  readonly bytes: number
  readonly hash: number
}

/** A hash of bytes. It is not cryptographic: with bytes of the same hash, the author of a file can only have that file misread. */
export function hashOf(bytes: Uint8Array): number {
  const copy = new Uint32Array((bytes.length + 3) >>> 2)
  new Uint8Array(copy.buffer).set(bytes)
  let hash = bytes.length
  for (let i = 0; i < copy.length; i++) {
    hash = Math.imul(hash ^ (copy[i] as number), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash >>> 0
}

/** The part as unpack() takes it: KNOWN, if its bytes are those of the known value. */
export function knownPart({ key, bytes, hash }: KnownPart): LazyValue {
  return {
    key,
    take(packed, at) {
      const end = at + bytes
      if (end > packed.length || hashOf(packed.subarray(at, end)) !== hash) return undefined
      return { end, value: KNOWN }
    },
  }
}
