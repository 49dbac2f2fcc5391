// A file that is appended to, and opened once more by its name when somebody has moved it away: also when ksys has given up its
// privileges meanwhile. The folder stays open, and a process with its owner's rights makes the file in it.
import { close, constants, open, type Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { openToWrite } from './files.js'
import type { NativeFolder } from './native.js'
import { settled } from './native-result.js'
import { checked, refuseOthers, workerIn } from './owner-rights.js'
import { type Place, pathOf, walk } from './walk.js'

const openFd = promisify(open)
const closeFd = promisify(close)
const { O_APPEND, O_NOCTTY, O_WRONLY } = constants

/** Where a file lies, for who opens it again. */
interface Home {
  readonly folder: FileHandle
  readonly name: Buffer
  readonly worker: NativeFolder
}

export class AppendFile {
  private constructor(
    /** open for appending; another one after reopen() */
    public fd: number,
    /** undefined: it is a device or a FIFO, which stays open */
    private readonly home: Home | undefined,
  ) {}

  /**
   * Opens a file to append to it; a new one is private to the owner of its folder. Of FIFOs somebody must read the other end already. Throws
   * the system's error, or PathError with what stands against it.
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

  /** Opens it by its name once more, and makes it where it has gone. Where that fails the open one stays; throws as open() does. */
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
  return checked(settled(await worker.append(name)), await folder.stat())
}
