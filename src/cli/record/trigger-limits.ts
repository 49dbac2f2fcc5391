// Limits the files of triggers, so that a trigger that always passes does not fill a disk.
import type { Limits } from './recording.js'

const DAY = 24 * 3600e9

export class TriggerLimits {
  private files = 0
  /** triggers before this capture time (ns) are ignored */
  private ignoredUntil = Number.NEGATIVE_INFINITY
  /** sizes of files and when they were finished, of the last day */
  private written: { readonly at: number; readonly bytes: number }[] = []
  /** reported reasons */
  private readonly reported = new Set<string>()

  /** report: called once for each limit that is reached. */
  constructor(
    private limits: Limits,
    private readonly report: (message: string) => void,
  ) {}

  /** Changes the limits; files written so far still count. */
  change(limits: Limits): void {
    this.limits = limits
    this.reported.clear()
  }

  /** Whether a trigger takes effect; bytes: the size that its file would have immediately. Times are capture time (ns). */
  allows(at: number, bytes: number): boolean {
    if (at < this.ignoredUntil) return false
    const { files, bytesADay } = this.limits
    if (this.files >= files)
      return this.refuse(
        `${files} ${files === 1 ? 'file was' : 'files were'} written (--max-files); further triggers are ignored`,
      )
    if (bytesADay !== undefined && bytes > this.available(at))
      return this.refuse('another file would exceed --max-bytes-a-day; triggers are ignored for now')
    this.reported.clear()
    return true
  }

  /** Bytes that files may still use. */
  available(at: number): number {
    const { bytesADay = Number.POSITIVE_INFINITY } = this.limits
    this.written = this.written.filter((w) => at - w.at < DAY)
    return bytesADay - this.written.reduce((sum, w) => sum + w.bytes, 0)
  }

  /** A file was finished. byTrigger: no user requested it. */
  wrote(at: number, bytes: number, byTrigger: boolean): void {
    this.written.push({ at, bytes })
    if (!byTrigger) return
    this.files++
    this.ignoredUntil = at + this.limits.cooldown
  }

  /** A file could not be written: the next one would fail, too. */
  failed(at: number): void {
    this.ignoredUntil = at + this.limits.cooldown
  }

  private refuse(why: string): false {
    if (!this.reported.has(why)) this.report(why)
    this.reported.add(why)
    return false
  }
}
