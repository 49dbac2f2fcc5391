// The folders of a partitioned folder, by the host and the hour of an event, and the names of the files in them.
import { Clock, nineDigits } from '../../fields/clock.js'
import type { CaptureInfo } from '../../source/source.js'
import type { PartitionKey } from '../options/exported.js'

const HOUR = 3600
/** What Hive calls the folder of an absent or an empty value. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__'
/** Bytes that no folder's name needs to be written otherwise. */
const PLAIN = /[^A-Za-z0-9._-]/gu
/** What a Date can tell of, in seconds from the epoch. */
const LAST_SECOND = 8.64e12

/** Tells of the events of captures, one after the other, where they belong. */
export class PartitionNames {
  /** the folder of the event that moved() was asked about last */
  folder = ''
  private readonly clocks = new WeakMap<CaptureInfo, Clock>()
  private clock: Clock | undefined
  private host: string | undefined
  private hour = Number.NaN

  constructor(private readonly keys: readonly PartitionKey[]) {}

  /** Whether an event of that host, at batch time `time`, belongs to another folder than the one before; `folder` then is its. */
  moved(info: CaptureInfo, time: number): boolean {
    let clock = this.clocks.get(info)
    if (clock === undefined) {
      clock = new Clock(info)
      this.clocks.set(info, clock)
    }
    this.clock = clock.set(Number.isFinite(time) ? time : 0)
    const hour = Math.floor(clock.sec / HOUR)
    if (hour === this.hour && info.hostname === this.host) return false
    this.hour = hour
    this.host = info.hostname
    const folder = this.keys
      .map((key) => `${key}=${key === 'host' ? folderValue(info.hostname) : this.hourText()}`)
      .join('/')
    const moved = folder !== this.folder
    this.folder = folder
    return moved
  }

  /** s since the epoch, and ns within the second, of the event that moved() was asked about last */
  get sec(): number {
    return this.clock?.sec ?? 0
  }

  get ns(): number {
    return this.clock?.ns ?? 0
  }

  /** s since the epoch at which the hour of that event is over. */
  get hourEnd(): number {
    return (this.hour + 1) * HOUR
  }

  /** A time as names of files have it. */
  stamp(sec: number, ns: number): string {
    return `${this.text(sec, 19).replace(/[-:]/g, '')}.${nineDigits(ns)}Z`
  }

  private hourText(): string {
    return this.text(this.hour * HOUR, 13)
  }

  private text(sec: number, length: number): string {
    const known = Math.max(0, Math.min(sec, LAST_SECOND))
    return new Date(known * 1000).toISOString().slice(0, length)
  }
}

/** A value as a folder's name has it: what may mean something there is written as in URLs. */
function folderValue(text: string): string {
  if (text === '') return NO_VALUE
  return text.replace(PLAIN, (c) =>
    [...Buffer.from(c)].map((b) => `%${b.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}
