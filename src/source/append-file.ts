// A file opened for appending that can be reopened by its name after another program has moved it away (log rotation), even after ksys
// has given up its privileges: the folder stays open, and a process with the rights of the folder's owner creates the file in it.
import { close, constants, open, type Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { openToWrite } from './files.js'
import type { NativeFolder } from './native.js'
import { checked, refuseOthers, workerIn } from './owner-rights.js'
import { resultOrThrow } from './reason.js'
import { type Place, pathOf, walk } from './walk.js'

const openFd = promisify(open)
const closeFd = promisify(close)
const { O_APPEND, O_NOCTTY, O_WRONLY } = constants

/** What is needed to open the file again. */
interface Home {
  readonly folder: FileHandle
  readonly name: Buffer
  readonly worker: NativeFolder
}

export class AppendFile {
  private constructor(
    /** open for appending; reopen() changes it */
    public fd: number,
    /** undefined for a device or a FIFO, which is never reopened */
    private readonly home: Home | undefined,
  ) {}

  /**
   * Opens a file for appending; a new one is private to the owner of its folder. A FIFO must already have a reader. Throws the system's
   * error, or PathError with the reason why the file must not be used.
   */
  static async open(path: string): Promise<AppendFile> {
    const place = await walk(path, 'write')
    const found = await place.thing?.stat()
    if (found !== undefined && !found.isFile()) {
      await place.close()
      const { fd } = await openToWrite(path, { stopped: () => true })
      return new AppendFile(fd, undefined)
    }
    let worker: NativeFolder | undefined
    try {
      worker = workerIn(place.folder.fd, await place.folder.stat()).worker
      const home = { folder: place.folder, name: place.name, worker }
      const fd = place.thing === undefined ? await appendIn(home) : await openFound(place, found as Stats)
      await place.thing?.close()
      return new AppendFile(fd, home)
    } catch (e) {
      await worker?.close()
      await place.close()
      throw e
    }
  }

  /** Opens the file by its name again, and creates it if it was removed. On failure the open file stays in use. Throws as open() does. */
  async reopen(): Promise<void> {
    if (this.home === undefined) return
    const before = this.fd
    this.fd = await appendIn(this.home)
    await closeFd(before)
  }

  async close(): Promise<void> {
    await closeFd(this.fd)
    await this.home?.worker.close()
    await this.home?.folder.close()
  }
}

async function openFound({ thing, folder }: Place, stat: Stats): Promise<number> {
  refuseOthers(stat, await folder.stat())
  return openFd(pathOf(thing as FileHandle), O_WRONLY | O_APPEND | O_NOCTTY)
}

async function appendIn({ folder, name, worker }: Home): Promise<number> {
  return checked(resultOrThrow(await worker.append(name)), await folder.stat())
}
