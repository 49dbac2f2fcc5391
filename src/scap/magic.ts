// Recognises compressed data by its first bytes.

/** Whether a gzip member starts here. */
export function isGzip(first: Uint8Array): boolean {
  return first[0] === 0x1f && first[1] === 0x8b
}

/** Whether a zstd frame starts here, possibly a skippable one. */
export function isZstd(first: Uint8Array): boolean {
  const [a, b, c, d] = first
  return (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) || isSkippable(a, b, c, d)
}

function isSkippable(a = 0, b = 0, c = 0, d = 0): boolean {
  return (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18
}
