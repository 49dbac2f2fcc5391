// Durations as short, unambiguous text.

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const

/** ns as `350us`, `12.3ms`, `4.21s`, `13m02s`, `2h05m`, `4d11h`. */
export function ageText(ns: number): string {
  if (ns < 1e6) return `${Math.round(ns / 1e3)}us`
  if (ns < 1e9) return `${(ns / 1e6).toPrecision(3).replace(/e.*/, '')}ms`
  const s = ns / 1e9
  if (s < 60) return `${s.toFixed(2)}s`
  const i = UNITS.findIndex(([, size]) => s >= size)
  const [unit, size] = UNITS[i] as (typeof UNITS)[number]
  const [smaller, below] = UNITS[i + 1] ?? ['s', 1]
  return `${Math.floor(s / size)}${unit}${String(Math.floor((s % size) / below)).padStart(2, '0')}${smaller}`
}
