// Times as alerts print them, from ns since 1970, without rounding.

const SECOND = 1_000_000_000n
const two = (n: number) => String(n).padStart(2, '0')

/** Local time of day, HH:MM:SS.nnnnnnnnn. */
export function timeOfDay(ns: bigint): string {
  const { date, fraction } = split(ns)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${fraction}`
}

/** UTC, ISO 8601 with the zone as Falco writes it: YYYY-MM-DDTHH:MM:SS.nnnnnnnnn+0000. */
export function iso8601(ns: bigint): string {
  return `${utc(ns)}+0000`
}

/** UTC, RFC 3339: YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ. */
export function rfc3339(ns: bigint): string {
  return `${utc(ns)}Z`
}

function utc(ns: bigint): string {
  const { date, fraction } = split(ns)
  return `${date.toISOString().slice(0, 19)}.${fraction}`
}

/** The full second of a time, and the nine digits of its fraction. */
function split(ns: bigint): { date: Date; fraction: string } {
  const fraction = ((ns % SECOND) + SECOND) % SECOND
  return { date: new Date(Number((ns - fraction) / SECOND) * 1000), fraction: String(fraction).padStart(9, '0') }
}
