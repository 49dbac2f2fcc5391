// Names of the subfolders of a partitioned folder, by host and hour of an event, and of the files in them.

import { Clock, nineDigits } from '../../fields/clock.js'
import { type BatchNs, batchNs } from '../../model/time.js'
import type { CaptureInfo } from '../../source/source.js'
import type { PartitionKey } from '../options/exported.js'

const HOUR = 3600
/** Hive's folder name for an absent or empty value. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__'
/** Characters that folder names must escape. */
const ESCAPED = /[^A-Za-z0-9._-]/gu
/** The last second since the epoch that a Date can represent. */
const LAST_SECOND = 8.64e12

/** Determines the folder of each event, in the order of the events. */
export class PartitionNames {
  /** the folder of the event last passed to moved() */
  folder = ''
  private readonly clocks = new WeakMap<CaptureInfo, Clock>()
  private clock: Clock | undefined
  private host: string | undefined
  private hour = Number.NaN

  constructor(private readonly keys: readonly PartitionKey[]) {}

  /** Whether an event at batch time `time` belongs to another folder than the previous one; sets `folder`. */
  moved(info: CaptureInfo, time: BatchNs): boolean {
    let clock = this.clocks.get(info)
    if (clock === undefined) {
      clock = new Clock(info)
      this.clocks.set(info, clock)
    }
    this.clock = clock.set(Number.isFinite(time) ? time : batchNs(0))
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

  /** s since the epoch, and ns within the second, of the event last passed to moved() */
  get sec(): number {
    return this.clock?.sec ?? 0
  }

  get ns(): number {
    return this.clock?.ns ?? 0
  }

  /** s since the epoch at which the hour of that event ends. */
  get hourEnd(): number {
    return (this.hour + 1) * HOUR
  }

  /** A time as it appears in file names. */
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

/** A value in a folder name: special characters are percent-encoded as in URLs. */
function folderValue(text: string): string {
  if (text === '') return NO_VALUE
  return text.replace(ESCAPED, (c) =>
    [...Buffer.from(c)].map((b) => `%${b.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}
