// Network addresses of a file (network byte order) as text.

/** Dotted form of the four bytes at `at`. */
export function ipv4(b: Uint8Array, at = 0): string {
  return `${b[at]}.${b[at + 1]}.${b[at + 2]}.${b[at + 3]}`
}

/** Canonical form (RFC 5952) of the sixteen bytes at `at`. */
export function ipv6(b: Uint8Array, at = 0): string {
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push(((b[at + i] as number) << 8) | (b[at + i + 1] as number))
  if (groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff) return `::ffff:${ipv4(b, at + 12)}`
  let from = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let n = 0
    while (i + n < 8 && groups[i + n] === 0) n++
    if (n > length) {
      from = i
      length = n
    }
  }
  const hex = groups.map((g) => g.toString(16))
  if (from < 0) return hex.join(':')
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`
}
