// The files that a folder has of one recorder, oldest first, and which of them go when there are too many, too old ones or too
// many bytes. Only files are removed that bear such a name and begin as a trace does.
import { reason } from '../../source/reason.js'
import { PART } from '../../source/rotation-files.js'
import { TraceError } from '../error.js'
import type { OutputFolder } from './folder.js'
import type { FileNames } from './names.js'

/** What is kept; undefined: all. */
export interface RetentionPolicy {
  /** files, that which is written included */
  readonly files?: number | undefined
  /** ms since a file was finished */
  readonly age?: number | undefined
  /** bytes of all files together */
  readonly bytes?: number | undefined
  /** what stays free of the file system: bytes, or a part of it */
  readonly free?: { readonly bytes: number } | { readonly part: number } | undefined
}

interface Member {
  readonly name: string
  readonly bytes: number
  /** ms of performance.now() at which it was finished: whoever sets the clock makes no file older */
  readonly finished: number
}

export class RetainedFiles {
  private members: Member[] = []
  private bytes = 0
  /** fulfilled when what was to be removed so far is */
  private trimmed: Promise<void> = Promise.resolve()

  constructor(
    private readonly folder: OutputFolder,
    private readonly names: FileNames,
    private readonly keep: RetentionPolicy,
    private readonly complain: (sentence: string) => void,
  ) {}

  /** Takes in what earlier runs have left, also what a killed one was writing. */
  async load(): Promise<void> {
    const now = performance.now()
    const found: (Member & { readonly mtime: number })[] = []
    for (const name of await this.folder.names()) {
      if (!this.names.matches(name) || !(await this.folder.isTrace(name))) continue
      const stat = (await this.folder.find(name))?.stat
      if (stat === undefined) continue
      const age = Math.max(0, Date.now() - stat.mtimeMs)
      found.push({ name, bytes: stat.size, finished: now - age, mtime: stat.mtimeMs })
    }
    found.sort((a, b) => a.mtime - b.mtime || (a.name < b.name ? -1 : 1))
    for (const { name, bytes, finished } of found) this.put({ name, bytes, finished })
  }

  /** A file was finished. */
  add(name: string, bytes: number): void {
    this.put({ name, bytes, finished: performance.now() })
  }

  private put(member: Member): void {
    this.members.push(member)
    this.bytes += member.bytes
  }

  /** Whether a time comes at which a file is too old, or the disk may fill up, without another being finished. */
  get watches(): boolean {
    return this.keep.age !== undefined || this.keep.bytes !== undefined || this.keep.free !== undefined
  }

  /**
   * Removes what is too much, oldest first, once those who asked before have had theirs removed. open: bytes of the file that is being
   * written, undefined when there is none. Rejects with TraceError when the disk has not enough room and there is nothing left to
   * remove.
   */
  trim(open: number | undefined): Promise<void> {
    const done = this.trimmed.then(() => this.removeExcess(open))
    // a failure is told to who asked
    this.trimmed = done.catch(() => undefined)
    return done
  }

  private async removeExcess(open: number | undefined): Promise<void> {
    const { files, age, bytes } = this.keep
    const more = open === undefined ? 0 : 1
    while (this.members.length > 0) {
      const [oldest] = this.members as [Member]
      const tooMany = files !== undefined && this.members.length + more > files
      const tooOld = age !== undefined && performance.now() - oldest.finished > age
      const tooMuch = bytes !== undefined && this.bytes + (open ?? 0) > bytes
      if (!tooMany && !tooOld && !tooMuch && !(await this.isShort())) break
      await this.removeOldest(oldest)
    }
    if (this.members.length === 0 && open !== undefined && (await this.isShort())) throw await this.shortOf()
  }

  private async removeOldest(oldest: Member): Promise<void> {
    this.members.shift()
    this.bytes -= oldest.bytes
    // it may be another's file by now, or somebody's who has begun to read it as ours
    if (!this.names.matches(oldest.name) || !(await this.folder.isTrace(oldest.name))) return
    try {
      await this.folder.remove(oldest.name)
    } catch (e) {
      this.complain(`${oldest.name} cannot be removed: ${reason(e)}`)
    }
  }

  private async isShort(): Promise<boolean> {
    const { free } = this.keep
    if (free === undefined) return false
    const space = await this.folder.space()
    return space.free < ('bytes' in free ? free.bytes : free.part * space.all)
  }

  private async shortOf(): Promise<TraceError> {
    const { free, all } = await this.folder.space()
    const what = `only ${(free / 1e6).toFixed(0)} MB (${((free / all) * 100).toFixed(1)} %) are free`
    return new TraceError(
      'EWRITE',
      this.folder.path,
      `nothing more is written to ${this.folder.path}: ${what}, less than --min-free says, and there is no older file to remove`,
    )
  }
}

/** Names of files that a recorder is writing right now. */
export async function writtenNow(folder: OutputFolder, names: FileNames): Promise<string[]> {
  const parts = (await folder.names()).filter((name) => name.endsWith(PART) && names.matches(name))
  const written = await Promise.all(parts.map((name) => folder.isWritten(name)))
  return parts.filter((_, i) => written[i])
}
