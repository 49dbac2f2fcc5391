// Durations and points in time as a person writes them.

const UNIT: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
  d: 86400e9,
}

/** A time of day, to be placed on the day on which the capture started. */
export class TimeOfDay {
  constructor(
    /** ns since local midnight */
    readonly ns: number,
  ) {}

  toString(): string {
    const two = (n: number) => String(Math.floor(n) % 60).padStart(2, '0')
    const seconds = this.ns / 1e9
    return `${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${two(seconds / 60)}:${two(seconds)}`
  }

  /** Epoch ns of this time on the local day of `startSec` (epoch seconds). */
  on(startSec: number): bigint {
    const day = new Date(startSec * 1000)
    const seconds = Math.floor(this.ns / 1e9)
    const at = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, 0, seconds)
    return BigInt(at.getTime()) * 1000000n + BigInt(this.ns % 1e9)
  }
}

/** ns of `10ms`, `1.5s`, `2h`; a bare number is ns already. undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const m = /^([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(ns|us|µs|ms|s|min|m|h|d)?$/.exec(text)
  if (m === null) return undefined
  const ns = Number(m[1]) * (m[2] === undefined ? 1 : (UNIT[m[2]] as number))
  return Number.isFinite(ns) ? Math.round(ns) : undefined
}

const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?`
const TIME_OF_DAY = new RegExp(`^${CLOCK}$`)
const DATE = new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})(?:[T ]${CLOCK}\s*(Z|[+-]\d{2}:?\d{2})?)?$`)

function clock(m: RegExpExecArray, at: number): { h: number; min: number; s: number; ns: number } | undefined {
  const h = Number(m[at] ?? 0)
  const min = Number(m[at + 1] ?? 0)
  const s = Number(m[at + 2] ?? 0)
  const ns = Number((m[at + 3] ?? '').padEnd(9, '0'))
  return h > 23 || min > 59 || s > 60 ? undefined : { h, min, s, ns }
}

/**
 * Epoch ns of a whole number of ns, a date, or a date and time (local unless a zone is given); or a TimeOfDay. undefined
 * when it is none of these, or no such day exists.
 */
export function parseTime(text: string): bigint | TimeOfDay | undefined {
  if (/^[+-]?\d{1,19}$/.test(text)) return BigInt(text)
  const short = TIME_OF_DAY.exec(text)
  if (short !== null) {
    const t = clock(short, 1)
    return t && new TimeOfDay(((t.h * 60 + t.min) * 60 + t.s) * 1e9 + t.ns)
  }
  const m = DATE.exec(text)
  const t = m === null ? undefined : clock(m, 4)
  if (m === null || t === undefined) return undefined
  const [y, mo, d] = [Number(m[1]), Number(m[2]), Number(m[3])]
  const days = new Date(Date.UTC(y, mo - 1, d))
  if (days.getUTCMonth() !== mo - 1 || days.getUTCDate() !== d) return undefined
  const zone = m[8]
  let ms: number
  if (zone === undefined) ms = new Date(y, mo - 1, d, t.h, t.min, t.s).getTime()
  else {
    const z = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
    const minutes = z === null ? 0 : (z[1] === '-' ? -1 : 1) * (Number(z[2]) * 60 + Number(z[3]))
    ms = Date.UTC(y, mo - 1, d, t.h, t.min - minutes, t.s)
  }
  return BigInt(ms) * 1000000n + BigInt(t.ns)
}
