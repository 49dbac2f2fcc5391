// Short numbers for the header.

/** A count: 999, 12.3K, 4.56M. */
export function count(n: number): string {
  return scaled(n, 1000, ['', 'K', 'M', 'G', 'T'])
}

/** Bytes: 512, 1.5K, 131M. */
export function bytes(n: number): string {
  return scaled(n, 1024, ['', 'K', 'M', 'G', 'T', 'P'])
}

function scaled(n: number, base: number, units: readonly string[]): string {
  let v = n
  let i = 0
  while (v >= base && i < units.length - 1) {
    v /= base
    i++
  }
  if (i === 0) return v > 0 && v < 10 && !Number.isInteger(v) ? v.toFixed(1) : String(Math.round(v))
  return (v >= 100 ? Math.round(v).toString() : v >= 10 ? v.toFixed(1) : v.toFixed(2)) + units[i]
}

/** A span of time: 0.8s, 42s, 3m20s, 2h05m. */
export function span(ns: number): string {
  const s = ns / 1e9
  if (s < 10) return `${s.toFixed(s < 1 ? 2 : 1)}s`
  if (s < 60) return `${Math.round(s)}s`
  const m = Math.floor(s / 60)
  if (m < 60) return `${m}m${String(Math.floor(s % 60)).padStart(2, '0')}s`
  return `${Math.floor(m / 60)}h${String(m % 60).padStart(2, '0')}m`
}
