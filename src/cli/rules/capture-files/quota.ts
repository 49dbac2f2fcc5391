// Limits the files with the calls around alerts, so that a rule that always fires does not fill a disk.
import type { BootNs } from '../../../model/time.js'
import type { AlertFiles } from '../../options/alert-files.js'
import { TriggerLimits } from '../../record/trigger-limits.js'

/** ns */
const DAY = 24 * 3600e9
/** ns without new files after one that could not be written: the next would fail, too */
const PAUSE = 60e9

export class FileQuota {
  /** start times of the files of the last day, by rule */
  private readonly started = new Map<string, number[]>()
  private readonly day: TriggerLimits
  private pausedUntil = Number.NEGATIVE_INFINITY
  /** limits reported since they last applied: rules, and '' for the limit of all */
  private readonly reported = new Set<string>()

  /** report: called once for each limit that is reached. Times are ns of any one clock. */
  constructor(
    private readonly limits: Pick<AlertFiles, 'perRule' | 'bytesADay' | 'largest'>,
    private readonly report: (message: string) => void,
  ) {
    const { bytesADay } = limits
    this.day = new TriggerLimits({ files: Number.POSITIVE_INFINITY, cooldown: 0, bytesADay }, report)
  }

  /** Whether a file may be started for an alert of a rule; if so, it counts. bytes: the size that it would have immediately. */
  take(rule: string, at: BootNs, bytes: number): boolean {
    if (at < this.pausedUntil) return false
    const { perRule } = this.limits
    const recent = (this.started.get(rule) ?? []).filter((t) => at - t < DAY)
    this.started.set(rule, recent)
    if (recent.length >= perRule)
      return this.refuse(
        rule,
        `${perRule} ${perRule === 1 ? 'file was' : 'files were'} written around alerts of '${rule}' within a day (--max-files); no further file for now`,
      )
    if (Math.min(bytes, this.limits.largest ?? bytes) > this.day.available(at))
      return this.refuse('', 'another file around an alert would exceed --max-bytes-a-day; no further file for now')
    this.reported.delete(rule)
    this.reported.delete('')
    recent.push(at)
    return true
  }

  /** Bytes that the current file may still use. */
  available(at: BootNs): number {
    return Math.min(this.day.available(at), this.limits.largest ?? Number.POSITIVE_INFINITY)
  }

  wrote(at: BootNs, bytes: number): void {
    this.day.wrote(at, bytes, true)
  }

  failed(at: BootNs): void {
    this.pausedUntil = at + PAUSE
  }

  private refuse(about: string, why: string): false {
    if (!this.reported.has(about)) this.report(why)
    this.reported.add(about)
    return false
  }
}
