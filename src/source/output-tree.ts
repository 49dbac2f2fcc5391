// A folder in which files in subfolders are written one after the other, even after ksys has given up its privileges: a process with the
// rights of the folder's owner creates them. In another user's folder, links cannot lead to places where that user may not write.
import { close, existsSync, fstatSync, open } from 'node:fs'
import { link, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { ownUser } from '../model/own-user.js'
import { type Belonging, PRIVATE } from './belonging.js'
import { openNew, openToReplace, resetFile, type ToReplace, type Waiting } from './files.js'
import { otherOwner } from './folder-owner.js'
import type { NativeFolder } from './native.js'
import { makeFolders } from './output-folders.js'
import { checked, newFileIn, workerIn } from './owner-rights.js'
import { errorCode, resultOrThrow, systemCode } from './reason.js'
import { pathOf, walk } from './walk.js'

/** Folders are private to their owner, as files are. */
export const PRIVATE_FOLDER = 0o700

/** Errors of file systems without hard links. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS'])

export class OutputTree {
  private constructor(
    private readonly path: string,
    /** the open folder and its worker; undefined: this process creates the files itself */
    private readonly owners: { readonly fd: number; readonly worker: NativeFolder } | undefined,
  ) {}

  /**
   * Opens a folder. asOther: files are created when ksys, started by root, may continue as another user. Throws the system's error, or
   * PathError.
   */
  static async open(path: string, asOther = false): Promise<OutputTree> {
    const place = await walk(`${path}/.`, 'write into')
    try {
      const folder = await place.folder.stat()
      const isOthers = otherOwner(folder) !== undefined
      if (!isOthers && !(asOther && ownUser === 0)) return new OutputTree(path, undefined)
      const fd = await promisify(open)(pathOf(place.folder), 'r')
      const { worker, mine } = workerIn(fd, folder)
      if (!isOthers || !mine) return new OutputTree(path, { fd, worker })
      await worker.close()
      await promisify(close)(fd)
      return new OutputTree(path, undefined)
    } finally {
      await place.close()
    }
  }

  /** Opens a file in it as openToReplace() does. inside: its path relative to the folder; missing subfolders are created. */
  async openToReplace(inside: string, waiting: Waiting, belonging: Belonging = {}): Promise<ToReplace> {
    if (this.owners === undefined) {
      const above = dirname(inside)
      if (above !== '.') await makeFolders(`${this.path}/${above}`, PRIVATE_FOLDER)
      return openToReplace(`${this.path}/${inside}`, waiting, belonging)
    }
    const { fd: folder, worker } = this.owners
    for (const above of foldersOf(inside)) {
      const result = await worker.makeFolder(Buffer.from(above), PRIVATE_FOLDER)
      if (errorCode(result) !== 'EEXIST') resultOrThrow(result)
    }
    const mode = belonging.mode ?? PRIVATE
    const name = Buffer.from(inside)
    const created = await newFileIn(worker, name, mode)
    const fd =
      errorCode(created) === 'EEXIST' ? resultOrThrow(await worker.replace(name, mode)) : resultOrThrow(created)
    await checked(fd, fstatSync(folder))
    try {
      return { fd, regular: resetFile(fd, belonging) }
    } catch (e) {
      await promisify(close)(fd)
      throw e
    }
  }

  /** Creates a new file in it, with missing subfolders. Throws the system's error, or PathError. */
  async openNew(inside: string, belonging: Belonging = {}): Promise<number> {
    if (this.owners !== undefined) return (await this.openToReplace(inside, {}, belonging)).fd
    await makeFolders(dirname(`${this.path}/${inside}`), PRIVATE_FOLDER)
    return openNew(`${this.path}/${inside}`, belonging)
  }

  /** Renames a file in it; false if the new name is in use. Throws the system's error. */
  async rename(from: string, to: string): Promise<boolean> {
    if (this.owners !== undefined) {
      const renamed = await this.owners.worker.rename(Buffer.from(from), Buffer.from(to))
      return errorCode(renamed) === 'EEXIST' ? false : resultOrThrow(renamed) === 0
    }
    const [before, after] = [`${this.path}/${from}`, `${this.path}/${to}`]
    try {
      await link(before, after)
      await unlink(before)
    } catch (e) {
      if (systemCode(e) === 'EEXIST') return false
      if (!NO_LINKS.has(systemCode(e) ?? '')) throw e
      if (existsSync(after)) return false
      await rename(before, after)
    }
    return true
  }

  /** Removes a file in it. Throws the system's error. */
  async remove(inside: string): Promise<void> {
    if (this.owners === undefined) await unlink(`${this.path}/${inside}`)
    else resultOrThrow(await this.owners.worker.remove(Buffer.from(inside)))
  }

  async close(): Promise<void> {
    await this.owners?.worker.close()
    if (this.owners !== undefined) await promisify(close)(this.owners.fd)
  }
}

/** The subfolders on a path, the outermost first. */
function foldersOf(inside: string): string[] {
  const names = inside.split('/').slice(0, -1)
  return names.map((_, i) => names.slice(0, i + 1).join('/'))
}
