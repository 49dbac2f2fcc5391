// Which triggers count: one that always passes must not fill a disk.
import type { Limits } from './recording.js'

const DAY = 24 * 3600e9

export class TriggerLimits {
  private files = 0
  private deafUntil = Number.NEGATIVE_INFINITY
  /** sizes of files and when they were finished, of the last day */
  private written: { readonly at: number; readonly bytes: number }[] = []
  /** reasons that were told */
  private readonly told = new Set<string>()

  /** tell: is told once of each limit that is met. */
  constructor(
    private limits: Limits,
    private readonly tell: (sentence: string) => void,
  ) {}

  /** From now on these count; what was written until now still does. */
  change(limits: Limits): void {
    this.limits = limits
    this.told.clear()
  }

  /** Whether a trigger at a time counts; bytes: what its file would have at once. Times are capture time (ns). */
  allows(at: number, bytes: number): boolean {
    if (at < this.deafUntil) return false
    const { files, bytesADay } = this.limits
    if (this.files >= files)
      return this.refuse(
        `${files} ${files === 1 ? 'file was' : 'files were'} written (--max-files): triggers count no more`,
      )
    if (bytesADay !== undefined && bytes > this.room(at))
      return this.refuse('another file would be more than --max-bytes-a-day: triggers do not count until then')
    this.told.clear()
    return true
  }

  /** Bytes that files may still have. */
  room(at: number): number {
    const { bytesADay = Number.POSITIVE_INFINITY } = this.limits
    this.written = this.written.filter((w) => at - w.at < DAY)
    return bytesADay - this.written.reduce((sum, w) => sum + w.bytes, 0)
  }

  /** A file was finished. byTrigger: nobody asked for it. */
  wrote(at: number, bytes: number, byTrigger: boolean): void {
    this.written.push({ at, bytes })
    if (!byTrigger) return
    this.files++
    this.deafUntil = at + this.limits.cooldown
  }

  /** A file could not be written: the next one would fare alike. */
  failed(at: number): void {
    this.deafUntil = at + this.limits.cooldown
  }

  private refuse(why: string): false {
    if (!this.told.has(why)) this.tell(why)
    this.told.add(why)
    return false
  }
}
