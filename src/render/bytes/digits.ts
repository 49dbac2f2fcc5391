// Decimal digits, three at a time. Each function writes at `at`, a few bytes beyond the digits, and returns the end of
// the digits.

/** The three digits of 0 to 999, the first one in the lowest byte. */
const THREE = Int32Array.from({ length: 1000 }, (_, n) => {
  const [a, b, c] = [Math.floor(n / 100), Math.floor(n / 10) % 10, n % 10] as const
  return 0x303030 + a + (b << 8) + (c << 16)
})

/** Writes an integer from 0 to 2^53. */
export function digits(w: DataView, at: number, n: number): number {
  if (n < 1000) return upToThree(w, at, n)
  if (n < 1e6) {
    const thousands = (n / 1e3) | 0
    at = upToThree(w, at, thousands)
    return three(w, at, n - thousands * 1e3)
  }
  if (n < 1e9) {
    const small = n | 0
    const thousands = (small / 1e3) | 0
    const millions = (thousands / 1e3) | 0
    at = upToThree(w, at, millions)
    at = three(w, at, thousands - millions * 1e3)
    return three(w, at, small - thousands * 1e3)
  }
  const high = Math.floor(n / 1e9)
  return nineDigits(w, digits(w, at, high), n - high * 1e9)
}

/** Writes nine digits of an integer below 1e9. */
export function nineDigits(w: DataView, at: number, n: number): number {
  const small = n | 0
  const thousands = (small / 1e3) | 0
  const millions = (thousands / 1e3) | 0
  w.setInt32(at, THREE[millions] as number, true)
  w.setInt32(at + 3, THREE[thousands - millions * 1e3] as number, true)
  w.setInt32(at + 6, THREE[small - thousands * 1e3] as number, true)
  return at + 9
}

function upToThree(w: DataView, at: number, n: number): number {
  const count = n < 10 ? 1 : n < 100 ? 2 : 3
  w.setInt32(at, (THREE[n] as number) >> (24 - count * 8), true)
  return at + count
}

function three(w: DataView, at: number, n: number): number {
  w.setInt32(at, THREE[n] as number, true)
  return at + 3
}
