// Tests of text, four bytes at a time.

/** Whether all four bytes of a word are printable ASCII: none below a blank, none above a tilde. */
export function isPrintable(w: number): boolean {
  return ((w | (w - 0x20202020) | (w + 0x01010101)) & 0x80808080) === 0
}

/** The same for all bytes [from, end). */
export function allPrintable(bytes: DataView, from: number, end: number): boolean {
  let i = from
  for (const last = end - 4; i <= last; i += 4) if (!isPrintable(bytes.getInt32(i, true))) return false
  for (; i < end; i++) if ((bytes.getUint8(i) - 32) >>> 0 > 94) return false
  return true
}

/** Whether any of the four bytes of a word needs escaping in JSON; a byte after one that does may be a false positive. */
export function escapeIn(w: number): boolean {
  const quote = w ^ 0x22222222
  const backslash = w ^ 0x5c5c5c5c
  const below = (w - 0x20202020) & ~w
  return ((((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | below) & 0x80808080) !== 0
}

/** Whether one of the bytes [from, end) equals the byte repeated in `four`. */
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
