// Times of day, with as much of the second as matters.

/** A moment (ns since the epoch) in local time: `12:34:56`, and with ms what is shorter than a second: `12:34:56.789`. */
export function clockText(at: bigint, lasts: bigint): string {
  const ms = Number(at / 1_000_000n)
  const text = new Date(ms).toTimeString().slice(0, 8)
  return lasts >= 1_000_000_000n && ms % 1000 === 0 ? text : `${text}.${String(ms % 1000).padStart(3, '0')}`
}
