// Dates in messages about captures.

/** Epoch ns as a local date and time. */
export function localDate(ns: bigint): string {
  const at = new Date(Number(ns / 1_000_000n))
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
