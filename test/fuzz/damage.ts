// Damages bytes in a way that can be repeated.

/** A copy with `flips` bits changed, anywhere; the same ones for the same seed. */
export function flipped(bytes: Uint8Array, seed: number, flips: number): Buffer {
  const copy = Buffer.from(bytes)
  let x = seed * 7919 + bytes.length
  for (let i = 0; i < flips; i++) {
    x = (x * 1103515245 + 12345) % 2147483648
    copy[x % copy.length]! ^= 1 << ((x >> 8) & 7)
  }
  return copy
}
