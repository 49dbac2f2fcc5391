// How many files of the calls around alerts are written: a rule that always fires must not fill a disk.
import type { AlertFiles } from '../../options/alert-files.js'
import { TriggerLimits } from '../../record/trigger-limits.js'

/** ns */
const DAY = 24 * 3600e9
/** ns in which none is begun after one that could not be written: the next would fare alike */
const PAUSE = 60e9

export class FileQuota {
  /** when files were begun within the last day, by rule */
  private readonly begun = new Map<string, number[]>()
  private readonly day: TriggerLimits
  private deafUntil = Number.NEGATIVE_INFINITY
  /** limits that were told since they were last kept: rules, and '' for that of all */
  private readonly told = new Set<string>()

  /** tell: is told once of each limit that is met. Times are ns of any one clock. */
  constructor(
    private readonly limits: Pick<AlertFiles, 'perRule' | 'bytesADay' | 'largest'>,
    private readonly tell: (sentence: string) => void,
  ) {
    const { bytesADay } = limits
    this.day = new TriggerLimits({ files: Number.POSITIVE_INFINITY, cooldown: 0, bytesADay }, tell)
  }

  /** Whether a file may be begun for an alert of a rule, which then counts; bytes: what it would have at once. */
  take(rule: string, at: number, bytes: number): boolean {
    if (at < this.deafUntil) return false
    const { perRule } = this.limits
    const recent = (this.begun.get(rule) ?? []).filter((t) => at - t < DAY)
    this.begun.set(rule, recent)
    if (recent.length >= perRule)
      return this.refuse(
        rule,
        `${perRule} ${perRule === 1 ? 'file was' : 'files were'} written within a day around alerts of '${rule}' (--max-files): there is no other until then`,
      )
    if (Math.min(bytes, this.limits.largest ?? bytes) > this.day.available(at))
      return this.refuse(
        '',
        'another file around an alert would be more than --max-bytes-a-day: there is none until then',
      )
    this.told.delete(rule)
    this.told.delete('')
    recent.push(at)
    return true
  }

  /** Bytes that the present file may still have. */
  room(at: number): number {
    return Math.min(this.day.available(at), this.limits.largest ?? Number.POSITIVE_INFINITY)
  }

  wrote(at: number, bytes: number): void {
    this.day.wrote(at, bytes, true)
  }

  failed(at: number): void {
    this.deafUntil = at + PAUSE
  }

  private refuse(about: string, why: string): false {
    if (!this.told.has(about)) this.tell(why)
    this.told.add(about)
    return false
  }
}
