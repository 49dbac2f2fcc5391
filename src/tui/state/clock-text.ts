// Times of day, as precise as needed.

/**
 * A time (ns since the epoch) in local time: `12:34:56`, or with ms (`12:34:56.789`) if `lasts` (ns), the duration that
 * starts then, is below a second.
 */
export function clockText(at: bigint, lasts: bigint): string {
  const ms = Number(at / 1_000_000n)
  const text = new Date(ms).toTimeString().slice(0, 8)
  return lasts >= 1_000_000_000n && ms % 1000 === 0 ? text : `${text}.${String(ms % 1000).padStart(3, '0')}`
}
