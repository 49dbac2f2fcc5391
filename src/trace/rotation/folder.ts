// The folder that files are written to. It is opened once, while ksys has all its privileges; then a process with the
// privileges of the files' owner works in it (native/process/folder.cc).
import { close, constants, fstatSync, fsync, open, type Stats, writeFile as writeFileTo } from 'node:fs'
import { lstat, open as openFile, readdir, statfs } from 'node:fs/promises'
import { getSystemErrorName, promisify } from 'node:util'
import { ownUser } from '../../model/own-user.js'
import { groupOf } from '../../source/accounts.js'
import { type Belonging, PRIVATE } from '../../source/belonging.js'
import { isShared, otherOwner } from '../../source/folder-owner.js'
import { type NativeFolder, native } from '../../source/native.js'
import { newFileIn, refuseOthers } from '../../source/owner-rights.js'
import { errorCode, reason, resultOrThrow, systemCode } from '../../source/reason.js'
import { PART } from '../../source/rotation-files.js'
import { PathError, pathOf, walk } from '../../source/walk.js'
import { codec } from '../codec.js'
import { TraceError } from '../error.js'
import { FILE_HEADER, fileVersion } from '../format.js'

const { O_DIRECTORY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants
const UNCHANGED = -1
const writeFile = promisify(writeFileTo)

/** A file in the folder. */
interface FolderEntry {
  readonly name: string
  readonly stat: Stats
}

export class OutputFolder {
  private constructor(
    readonly path: string,
    private readonly fd: number,
    private readonly worker: NativeFolder,
    private readonly mode: number,
    /** user id of the files' owner if other users may create files there, else undefined */
    private readonly filesOwner: number | undefined,
  ) {}

  /**
   * Opens a folder. Files of root get the folder's owner unless `uid` is given: root later gives up its access to other users'
   * folders. program: the program that run() starts, with its arguments. Throws TraceError.
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
      const date = path.includes('%') ? ' (% is replaced by a date only in the name of a file)' : ''
      throw systemCode(e) === 'ENOENT' ? fail(e, `there is no such folder${date}`) : fail(e)
    }
    const owner = fstatSync(fd)
    const as = uid ?? otherOwner(owner) ?? UNCHANGED
    const group = gid ?? (as === UNCHANGED ? UNCHANGED : groupOf(as))
    // throws the reason if the addon cannot be loaded
    codec()
    const env = Object.entries(process.env).flatMap(([k, v]) => (v === undefined ? [] : [`${k}=${v}`]))
    const worker = new (native().Folder)(fd, as, group, program, env)
    if (worker.error !== 0) {
      await promisify(close)(fd)
      const who = as === UNCHANGED ? `group ${group}` : `user ${as}`
      throw fail(
        undefined,
        `files cannot be created as ${who} (${getSystemErrorName(-worker.error)}): only root may do that`,
      )
    }
    const filesOwner = isShared(owner) ? (as === UNCHANGED ? ownUser : as) : undefined
    return new OutputFolder(path, fd, worker, mode, filesOwner)
  }

  /** Creates a file, open for writing and locked while it is open. Throws the system's error. */
  async create(name: string): Promise<number> {
    return resultOrThrow(await newFileIn(this.worker, Buffer.from(name), this.mode))
  }

  /** Renames a file. Throws the system's error; EEXIST if the name is taken. */
  async rename(from: string, to: string): Promise<void> {
    resultOrThrow(await this.worker.rename(Buffer.from(from), Buffer.from(to)))
  }

  /**
   * Writes a whole file under a name, which may be that of an earlier file: readers find one of the two. Throws the system's error, or
   * PathError for what must not be replaced.
   */
  async replace(name: string, text: string): Promise<void> {
    const found = await this.find(name)
    if (found !== undefined) {
      if (!found.stat.isFile()) throw new PathError('it is not a file')
      refuseOthers(found.stat, fstatSync(this.fd))
    }
    const part = name + PART
    // an earlier run may have ended before its file was complete
    if ((await this.find(part)) !== undefined && !(await this.isWritten(part))) await this.remove(part)
    const fd = await this.create(part)
    try {
      await writeFile(fd, text)
      await promisify(fsync)(fd)
      resultOrThrow(await this.worker.renameOver(Buffer.from(part), Buffer.from(name)))
    } catch (e) {
      await this.remove(part).catch(() => undefined)
      throw e
    } finally {
      await promisify(close)(fd)
    }
  }

  /** Removes a file. A file that does not exist is not an error. Throws the system's error. */
  async remove(name: string): Promise<void> {
    const result = await this.worker.remove(Buffer.from(name))
    if (errorCode(result) !== 'ENOENT') resultOrThrow(result)
  }

  /**
   * Runs the program as the files' owner. argument: its last argument. Returns the status as in waitpid(2). Throws the
   * system's error.
   */
  async run(argument: string): Promise<number> {
    return native().waitFor(resultOrThrow(await this.worker.start(argument)))
  }

  /** The names in the folder. */
  names(): Promise<string[]> {
    return readdir(this.inside(''))
  }

  /** The entry of a name; undefined if there is none. */
  async find(name: string): Promise<FolderEntry | undefined> {
    const stat = await lstat(this.inside(name)).catch(() => undefined)
    return stat && { name, stat }
  }

  /** Whether a file was written by ksys, according to its first bytes and, in a folder like /tmp, its owner. */
  async isTrace(name: string): Promise<boolean> {
    const isOurs = (first: Buffer, { uid }: Stats) =>
      fileVersion(first) !== undefined && (this.filesOwner === undefined || uid === this.filesOwner)
    return (await this.inspect(name, isOurs)) === true
  }

  /** Whether the file of that name is being written. */
  async isWritten(name: string): Promise<boolean> {
    return (await this.inspect(name, (_first, _stat, fd) => !native().lockFile(fd))) === true
  }

  /** free and total bytes of the file system */
  async space(): Promise<{ free: number; all: number }> {
    const { bavail, blocks, bsize } = await statfs(this.inside(''))
    return { free: bavail * bsize, all: blocks * bsize }
  }

  /** Locks the folder while files in it are being started; undefined if another process has locked it. */
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

  private async inspect<T>(name: string, at: (first: Buffer, stat: Stats, fd: number) => T): Promise<T | undefined> {
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

  /** A path to a name in the open folder, even if the folder was renamed. */
  private inside(name: string): string {
    return `/proc/self/fd/${this.fd}/${name}`
  }
}
