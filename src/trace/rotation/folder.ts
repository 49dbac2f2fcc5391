// The folder that files are written into: opened once, while ksys may still do all, and then worked in by a process that has the
// rights of whoever the files belong to (native/process/folder.cc).
import { close, constants, fstatSync, open, type Stats } from 'node:fs'
import { lstat, open as openFile, readdir, statfs } from 'node:fs/promises'
import { getSystemErrorName, promisify } from 'node:util'
import { ownUser } from '../../model/own-user.js'
import { groupOf } from '../../source/accounts.js'
import { type Belonging, PRIVATE } from '../../source/belonging.js'
import { isShared, otherOwner } from '../../source/folder-owner.js'
import { type NativeFolder, native } from '../../source/native.js'
import { errorCode, settled } from '../../source/native-result.js'
import { newFileIn } from '../../source/new-file.js'
import { reason, systemCode } from '../../source/reason.js'
import { pathOf, walk } from '../../source/walk.js'
import { codec } from '../codec.js'
import { TraceError } from '../error.js'
import { FILE_HEADER, fileVersion } from '../format.js'

const { O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants
const OWN = -1

/** A file of the folder. */
export interface Found {
  readonly name: string
  readonly stat: Stats
}

export class OutputFolder {
  private constructor(
    readonly path: string,
    private readonly fd: number,
    private readonly worker: NativeFolder,
    private readonly mode: number,
    /** user id of whoever its files belong to, where others may put files there; undefined: where they may not */
    private readonly mine: number | undefined,
  ) {}

  /**
   * Opens a folder. Root's files belong to the folder's owner, unless something else was said: what root may do in other
   * people's folders is given up later. program: words of what run() starts. Throws TraceError.
   */
  static async open(
    path: string,
    { uid, gid, mode = PRIVATE }: Belonging,
    program: readonly string[] = [],
  ): Promise<OutputFolder> {
    const fail = (e: unknown, why = reason(e)) =>
      new TraceError('EWRITE', path, `${path} cannot be written into: ${why}`, e)
    let fd: number
    try {
      const place = await walk(path, 'write into')
      try {
        if (place.thing === undefined) throw Object.assign(new Error(), { code: 'ENOENT' })
        fd = await promisify(open)(pathOf(place.thing), O_RDONLY | O_DIRECTORY | O_NOCTTY)
      } finally {
        await place.close()
      }
    } catch (e) {
      if (e instanceof TraceError) throw e
      const date = path.includes('%') ? ' (% stands for a date in the name of a file only)' : ''
      throw systemCode(e) === 'ENOENT' ? fail(e, `there is no such folder${date}`) : fail(e)
    }
    const owner = fstatSync(fd)
    const as = uid ?? otherOwner(owner) ?? OWN
    const group = gid ?? (as === OWN ? OWN : groupOf(as))
    // says why the addon does not load
    codec()
    const env = Object.entries(process.env).flatMap(([k, v]) => (v === undefined ? [] : [`${k}=${v}`]))
    const worker = new (native().Folder)(fd, as, group, program, env)
    if (worker.error !== 0) {
      await promisify(close)(fd)
      const who = as === OWN ? `group ${group}` : `user ${as}`
      throw fail(
        undefined,
        `files cannot be made as ${who} (${getSystemErrorName(-worker.error)}), which only root may do`,
      )
    }
    const mine = isShared(owner) ? (as === OWN ? ownUser : as) : undefined
    return new OutputFolder(path, fd, worker, mode, mine)
  }

  /** Makes a new file, open for writing and locked for as long as it is; throws the system's error. */
  async create(name: string): Promise<number> {
    return settled(await newFileIn(this.worker, Buffer.from(name), this.mode))
  }

  /** Gives a file another name; throws the system's error, EEXIST where the name is taken. */
  async rename(from: string, to: string): Promise<void> {
    settled(await this.worker.rename(Buffer.from(from), Buffer.from(to)))
  }

  /** Removes a file; one that is gone already is no error. Throws the system's error. */
  async remove(name: string): Promise<void> {
    const result = await this.worker.remove(Buffer.from(name))
    if (errorCode(result) !== 'ENOENT') settled(result)
  }

  /** Runs the program as whoever the files belong to; its status as waitpid gives it. argument: its last word. Throws the system's error. */
  async run(argument: string): Promise<number> {
    return native().waitFor(settled(await this.worker.start(argument)))
  }

  /** The names in the folder. */
  names(): Promise<string[]> {
    return readdir(this.inside(''))
  }

  /** What a name stands for; undefined when nothing has it. */
  async find(name: string): Promise<Found | undefined> {
    const stat = await lstat(this.inside(name)).catch(() => undefined)
    return stat && { name, stat }
  }

  /** Whether a name is that of a file which ksys wrote, by its first bytes, and in a folder like /tmp by its owner. */
  async isTrace(name: string): Promise<boolean> {
    const isOurs = (first: Buffer, { uid }: Stats) =>
      fileVersion(first) !== undefined && (this.mine === undefined || uid === this.mine)
    return (await this.look(name, isOurs)) === true
  }

  /** Whether somebody writes a file of that name at present. */
  async isWritten(name: string): Promise<boolean> {
    return (await this.look(name, (_first, _stat, fd) => !native().lockFile(fd))) === true
  }

  /** bytes that are free on the file system, and all that it has */
  async space(): Promise<{ free: number; all: number }> {
    const { bavail, blocks, bsize } = await statfs(this.inside(''))
    return { free: bavail * bsize, all: blocks * bsize }
  }

  /** Locks the folder itself, for those who begin in it; undefined: somebody else has it locked. */
  async lock(): Promise<{ release(): Promise<void> } | undefined> {
    const fd = await promisify(open)(this.inside(''), O_RDONLY | O_DIRECTORY)
    if (native().lockFile(fd)) return { release: () => promisify(close)(fd) }
    await promisify(close)(fd)
    return undefined
  }

  async close(): Promise<void> {
    await this.worker.close()
    await promisify(close)(this.fd)
  }

  private async look<T>(name: string, at: (first: Buffer, stat: Stats, fd: number) => T): Promise<T | undefined> {
    try {
      const file = await openFile(this.inside(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
      try {
        const stat = await file.stat()
        if (!stat.isFile()) return undefined
        const { buffer, bytesRead } = await file.read(Buffer.alloc(FILE_HEADER), 0, FILE_HEADER, 0)
        return at(buffer.subarray(0, bytesRead), stat, file.fd)
      } finally {
        await file.close()
      }
    } catch {
      return undefined
    }
  }

  /** A path to a name in the open folder, whatever has become of the folder's own. */
  private inside(name: string): string {
    return `/proc/self/fd/${this.fd}/${name}`
  }
}
