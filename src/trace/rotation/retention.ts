// The files of one recorder in a folder, oldest first, and the removal of the oldest when there are too many files or
// bytes, or when they are too old. Only files with a matching name that start like a trace are removed. Files for which the program of
// --on-close has not succeeded remain until the disk lacks space.
import { reason } from '../../source/reason.js'
import { PART } from '../../source/rotation-files.js'
import { TraceError } from '../error.js'
import type { OutputFolder } from './folder.js'
import type { FileNames } from './names.js'

/** Which files are retained; undefined: no limit. */
export interface RetentionPolicy {
  /** number of files, including the one being written */
  readonly files?: number | undefined
  /** ms since the file was finished */
  readonly age?: number | undefined
  /** total bytes of all files */
  readonly bytes?: number | undefined
  /** space of the file system to keep free: bytes, or a fraction */
  readonly free?: Free | undefined
}

/** Space of a file system: bytes, or a fraction. */
type Free = { readonly bytes: number } | { readonly part: number }

/** The space to keep free, if none is given, by removing files for which the program of --on-close has not succeeded. */
const DEFAULT_FREE: Free = { part: 0.05 }

interface Member {
  readonly name: string
  readonly bytes: number
  /** ms of performance.now() at completion; independent of changes of the wall clock */
  readonly finished: number
}

export class RetainedFiles {
  private members: Member[] = []
  private bytes = 0
  /** fulfilled when all removals so far are done */
  private trimmed: Promise<void> = Promise.resolve()

  constructor(
    private readonly folder: OutputFolder,
    private readonly names: FileNames,
    private readonly policy: RetentionPolicy,
    private readonly complain: (sentence: string) => void,
    /** whether the program of --on-close has not succeeded yet for a file */
    private readonly isAwaited: (name: string) => boolean = () => false,
  ) {}

  /** Adds the files of earlier runs, including one that a killed run was writing. */
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

  /** Adds a finished file. */
  add(name: string, bytes: number): void {
    this.put({ name, bytes, finished: performance.now() })
  }

  private put(member: Member): void {
    this.members.push(member)
    this.bytes += member.bytes
  }

  /** Whether a limit can be exceeded without another file being finished: by age, or because the disk fills up. */
  get needsWatching(): boolean {
    return this.policy.age !== undefined || this.policy.bytes !== undefined || this.policy.free !== undefined
  }

  /**
   * Removes excess files, oldest first, after earlier calls are done. open: bytes of the file being written,
   * undefined if there is none. Rejects with TraceError if the disk lacks space and there is no file left to remove.
   */
  trim(open: number | undefined): Promise<void> {
    const done = this.trimmed.then(() => this.removeExcess(open))
    // the caller gets the failure
    this.trimmed = done.catch(() => undefined)
    return done
  }

  private async removeExcess(open: number | undefined): Promise<void> {
    for (let surplus = await this.surplus(open); surplus !== undefined; surplus = await this.surplus(open))
      await this.remove(surplus)
    if (this.members.length === 0 && open !== undefined && (await this.isShort())) throw await this.shortageError()
  }

  /** The file to remove next; undefined: none. */
  private async surplus(open: number | undefined): Promise<Member | undefined> {
    const { files, age, bytes, free } = this.policy
    if ((files ?? age ?? bytes ?? free) === undefined) return undefined
    const more = open === undefined ? 0 : 1
    const oldest = this.members.find(({ name }) => !this.isAwaited(name))
    if (oldest === undefined) return this.awaitedSurplus()
    const tooMany = files !== undefined && this.members.length + more > files
    const tooOld = age !== undefined && performance.now() - oldest.finished > age
    const tooMuch = bytes !== undefined && this.bytes + (open ?? 0) > bytes
    return tooMany || tooOld || tooMuch || (await this.isShort()) ? oldest : undefined
  }

  /** The oldest file for which the program of --on-close has not succeeded, if the disk lacks space; undefined: it does not. */
  private async awaitedSurplus(): Promise<Member | undefined> {
    const [oldest] = this.members
    const free = this.policy.free ?? DEFAULT_FREE
    if (oldest === undefined || !(await this.isShort(free))) return undefined
    this.complain(
      `${oldest.name} is removed although the program of --on-close has not succeeded for it: ${await this.freeSpace()}`,
    )
    return oldest
  }

  private async remove(member: Member): Promise<void> {
    this.members.splice(this.members.indexOf(member), 1)
    this.bytes -= member.bytes
    // it may have become another process's file, or one that a reader has opened as a trace of ours
    if (!this.names.matches(member.name) || !(await this.folder.isTrace(member.name))) return
    try {
      await this.folder.remove(member.name)
    } catch (e) {
      this.complain(`${member.name} cannot be removed: ${reason(e)}`)
    }
  }

  private async isShort(free = this.policy.free): Promise<boolean> {
    if (free === undefined) return false
    const space = await this.folder.space()
    return space.free < ('bytes' in free ? free.bytes : free.part * space.all)
  }

  private async freeSpace(): Promise<string> {
    const { free, all } = await this.folder.space()
    return `only ${(free / 1e6).toFixed(0)} MB (${((free / all) * 100).toFixed(1)} %) are free`
  }

  private async shortageError(): Promise<TraceError> {
    return new TraceError(
      'EWRITE',
      this.folder.path,
      `nothing more is written to ${this.folder.path}: ${await this.freeSpace()}, less than --min-free requires, and no older file is left to remove`,
    )
  }
}

/** Names of the files that a recorder is writing now. */
export async function filesBeingWritten(folder: OutputFolder, names: FileNames): Promise<string[]> {
  const parts = (await folder.names()).filter((name) => name.endsWith(PART) && names.matches(name))
  const written = await Promise.all(parts.map((name) => folder.isWritten(name)))
  return parts.filter((_, i) => written[i])
}
