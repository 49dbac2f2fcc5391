// Parses durations and points in time.

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

/** A time of day, to be resolved to the day on which the capture started. */
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

  /** A key that is equal for equal times only. */
  get key(): string {
    return `${this.ns}`
  }

  /** Epoch ns of this time on the local day of `startSec` (epoch seconds) plus `later` days. */
  on(startSec: number, later = 0): bigint {
    const day = new Date(startSec * 1000)
    const seconds = Math.floor(this.ns / 1e9)
    const at = new Date(day.getFullYear(), day.getMonth(), day.getDate() + later, 0, 0, seconds)
    return BigInt(at.getTime()) * 1000000n + BigInt(this.ns % 1e9)
  }

  /** Epoch ns of the next occurrence of this time at or after `moment` (epoch ns). */
  nextFrom(moment: bigint): bigint {
    const startSec = Number(moment / 1000000000n)
    const today = this.on(startSec)
    return today >= moment ? today : this.on(startSec, 1)
  }
}

/** A capture that started at most this many ns after a time of day: that day's time is meant, not the next day's. */
const HALF_A_DAY = 12n * 3600n * 1000000000n

/**
 * A time of day that starts or ends a time span of a capture, which may cross midnight. The end is its first occurrence
 * after the start of the span, or after the start of the capture. The start of the span may lie before the capture,
 * unless the next occurrence is nearer or the whole span would lie before the capture.
 */
class SpanTime extends TimeOfDay {
  constructor(
    private readonly ends: boolean,
    private readonly from: TimeOfDay | undefined,
    private readonly to: TimeOfDay | undefined,
  ) {
    super(((ends ? to : from) as TimeOfDay).ns)
  }

  override get key(): string {
    return `${this.ends} ${this.from?.ns} ${this.to?.ns}`
  }

  override toString(): string {
    const [from, to] = [this.from && `from ${this.from}`, this.to && `to ${this.to}`]
    return [this.ends ? to : from, this.ends ? from : to].filter(Boolean).join(' ')
  }

  override on(startSec: number): bigint {
    const { from, to } = this
    const start = BigInt(startSec) * 1000000000n
    let [begin, end] = this.within(startSec, start, 0)
    if (from !== undefined && (start - begin > HALF_A_DAY || (to !== undefined && end < start)))
      [begin, end] = this.within(startSec, start, 1)
    return this.ends ? end : begin
  }

  private within(startSec: number, start: bigint, later: number): [begin: bigint, end: bigint] {
    const begin = this.from?.on(startSec, later) ?? start
    return [begin, this.to?.nextFrom(begin) ?? begin]
  }
}

/** ns of `10ms`, `1.5s`, `2h`; a bare number is in ns. undefined if the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const m = /^([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(ns|us|µs|ms|s|min|m|h|d)?$/.exec(text)
  if (m === null) return undefined
  const ns = Number(m[1]) * (m[2] === undefined ? 1 : (UNIT[m[2]] as number))
  return Number.isFinite(ns) ? Math.round(ns) : undefined
}

const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?`
const TIME_OF_DAY = new RegExp(`^${CLOCK}$`)
const SPAN_TIME = /^(from|to) (\S+)(?: (from|to) (\S+))?$/
const DATE = new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})(?:[T ]${CLOCK}\s*(Z|[+-]\d{2}:?\d{2})?)?$`)

function clock(m: RegExpExecArray, at: number): { h: number; min: number; s: number; ns: number } | undefined {
  const h = Number(m[at] ?? 0)
  const min = Number(m[at + 1] ?? 0)
  const s = Number(m[at + 2] ?? 0)
  const ns = Number((m[at + 3] ?? '').padEnd(9, '0'))
  return h > 23 || min > 59 || s > 60 ? undefined : { h, min, s, ns }
}

function timeOfDay(text: string): TimeOfDay | undefined {
  const m = TIME_OF_DAY.exec(text)
  const t = m === null ? undefined : clock(m, 1)
  return t && new TimeOfDay(((t.h * 60 + t.min) * 60 + t.s) * 1e9 + t.ns)
}

function spanTime(text: string): SpanTime | undefined {
  const [, word, time, otherWord, otherTime] = SPAN_TIME.exec(text) ?? []
  if (time === undefined || word === otherWord) return undefined
  const [own, other] = [timeOfDay(time), otherTime === undefined ? undefined : timeOfDay(otherTime)]
  if (own === undefined || (otherTime !== undefined && other === undefined)) return undefined
  return word === 'to' ? new SpanTime(true, other, own) : new SpanTime(false, own, other)
}

/**
 * Epoch ns of a whole number of ns, a date, or a date and time (local unless a zone is given); or a TimeOfDay, as a
 * SpanTime for `from 23:59`, `to 00:01` and `to 00:01 from 23:59`. undefined for anything else, and for days that do
 * not exist.
 */
export function parseTime(text: string): bigint | TimeOfDay | undefined {
  if (/^[+-]?\d{1,19}$/.test(text)) return BigInt(text)
  const short = timeOfDay(text) ?? spanTime(text)
  if (short !== undefined) return short
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
