// Text four bytes at a time: tests, and digits.

/** The three digits of 0 to 999, the first in the lowest byte. */
export const DIGITS = Int32Array.from({ length: 1000 }, (_, n) => {
  const [a, b, c] = [Math.floor(n / 100), Math.floor(n / 10) % 10, n % 10] as const
  return 0x303030 + a + (b << 8) + (c << 16)
})

/** Whether all four bytes of a word are printable ASCII: none below a blank, none above a tilde. */
export function isPrintable(w: number): boolean {
  return ((w | (w - 0x20202020) | (w + 0x01010101)) & 0x80808080) === 0
}

/** Whether any of the four bytes of a word needs escaping in JSON; bytes after one that does may count as well. */
export function escapeIn(w: number): boolean {
  const quote = w ^ 0x22222222
  const backslash = w ^ 0x5c5c5c5c
  const below = (w - 0x20202020) & ~w
  return ((((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | below) & 0x80808080) !== 0
}

/** Whether one of the bytes [from, end) is the byte that `four` consists of. */
export function holds(bytes: DataView, from: number, end: number, four: number): boolean {
  let i = from
  for (const last = end - 4; i <= last; i += 4) {
    const other = bytes.getInt32(i, true) ^ four
    if (((other - 0x01010101) & ~other & 0x80808080) !== 0) return true
  }
  const byte = four & 0xff
  for (; i < end; i++) if (bytes.getUint8(i) === byte) return true
  return false
}
