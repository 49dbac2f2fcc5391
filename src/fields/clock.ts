// Wall-clock texts of batch times, without BigInt: seconds and nanoseconds are separate numbers, and slowly changing
// parts are cached (the time zone offset per quarter of an hour, the texts of the second and the day).
import type { BatchNs } from '../model/time.js'
import type { CaptureInfo } from '../source/source.js'

const NS = 1e9
const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`)

/** The nanoseconds within a second as nine digits. */
export function nineDigits(ns: number): string {
  return String(ns).padStart(9, '0')
}

/**
 * A reusable converter: set() takes a batch time (ns since the start of the capture), the getters then refer to that
 * time.
 */
export class Clock {
  /** whole seconds since the epoch */
  sec = 0
  /** ns within the second */
  ns = 0
  private readonly startSec: number
  private readonly startNsec: number
  /** start of the current second, in ns from the second in which the capture started */
  private secondStart = Number.NaN
  private zoneKey = Number.NaN
  private zoneOffset = 0
  private timeOf = Number.NaN
  private timeText = ''
  private dateOf = Number.NaN
  private dateText = ''

  constructor(info: CaptureInfo) {
    this.startSec = info.startSec
    this.startNsec = info.startNsec
  }

  set(time: BatchNs): this {
    const total = this.startNsec + time
    let ns = total - this.secondStart
    if (!(ns >= 0 && ns < NS)) {
      const whole = Math.floor(total / NS)
      this.secondStart = whole * NS
      this.sec = this.startSec + whole
      ns = total - this.secondStart
    }
    this.ns = ns
    return this
  }

  /** Offset of local time from UTC, in seconds, at the current time. */
  offset(): number {
    const key = Math.floor(this.sec / 900)
    if (key !== this.zoneKey) {
      this.zoneKey = key
      this.zoneOffset = -new Date(this.sec * 1000).getTimezoneOffset() * 60
    }
    return this.zoneOffset
  }

  /** Local HH:MM:SS. */
  time(): string {
    if (this.sec !== this.timeOf) {
      const day = (((this.sec + this.offset()) % 86400) + 86400) % 86400
      this.timeText = `${two(Math.floor(day / 3600))}:${two(Math.floor(day / 60) % 60)}:${two(day % 60)}`
      this.timeOf = this.sec
    }
    return this.timeText
  }

  /** Local YYYY-MM-DD. */
  date(): string {
    const day = Math.floor((this.sec + this.offset()) / 86400)
    if (day !== this.dateOf) {
      this.dateText = new Date(day * 86400000).toISOString().slice(0, 10)
      this.dateOf = day
    }
    return this.dateText
  }

  /** UTC, ISO 8601 with nanoseconds. */
  iso8601(): string {
    return `${new Date(this.sec * 1000).toISOString().slice(0, 19)}.${nineDigits(this.ns)}+0000`
  }

  /** ns since the epoch, exact. */
  epoch(): bigint {
    return BigInt(this.sec) * 1000000000n + BigInt(this.ns)
  }
}

/** A duration in ns as `seconds.nnnnnnnnn`; negative durations keep their sign. */
export function spanText(ns: number): string {
  const abs = Math.abs(ns)
  const sec = Math.floor(abs / NS)
  return `${ns < 0 ? '-' : ''}${sec}.${nineDigits(abs - sec * NS)}`
}

/** A latency in readable form: `870ns`, `3.17us`, `12us`, `2.5ms`, `1.05s`, `2:7`, `01:00:00`. */
export function humanSpan(ns: number): string {
  if (ns >= 3600 * NS) {
    const s = Math.floor(ns / NS)
    return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
  }
  if (ns >= 60 * NS) {
    const s = Math.floor(ns / NS)
    return `${Math.floor(s / 60)}:${s % 60}`
  }
  if (ns >= NS) return `${hundredths(ns, NS)}s`
  if (ns >= 1e7) return `${Math.floor(ns / 1e6)}ms`
  if (ns >= 1e6) return `${hundredths(ns, 1e6)}ms`
  if (ns >= 1e4) return `${Math.floor(ns / 1e3)}us`
  if (ns >= 1e3) return `${hundredths(ns, 1e3)}us`
  return `${Math.floor(ns)}ns`
}

/** Two decimals, truncated instead of rounded, so that 9.999 never becomes 10.00. */
function hundredths(ns: number, unit: number): string {
  const h = Math.floor(ns / (unit / 100))
  return `${Math.floor(h / 100)}.${two(h % 100)}`
}
