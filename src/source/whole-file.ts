// A file that gets its name once it is complete: it is written as NAME.part beside that name, forced to the disk and renamed. A reader of
// the folder never meets a file without its end, and a failed run leaves the file that had the name before.
import { closeSync, fstatSync, fsync, lstatSync } from 'node:fs'
import { access, constants, rename, statfs, unlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ownUser } from '../model/own-user.js'
import type { Belonging } from './belonging.js'
import { emptied, needProc, openToReplace, openToWrite, type ToReplace, type Waiting } from './files.js'
import { otherOwner } from './folder-owner.js'
import { lockedToWrite } from './locks.js'
import type { NativeFolder } from './native.js'
import { settled } from './native-result.js'
import { refuseOthers, workerIn } from './owner-rights.js'
import { nameIn } from './path-parts.js'
import { PART } from './rotation-files.js'
import { countUnfinished } from './unfinished.js'
import { PathError, type Place, PROC, pathOf, walk } from './walk.js'

/** Times that another run may rename the file between opening and locking it. */
const TRIES = 10

/**
 * Opens a path as openToReplace() does; a file is written under the name with `.part`, and `ending` gives it its own. Devices and FIFOs
 * are written as they are. Throws the system's error, PathError, or WaitCancelled.
 */
export async function openWhole(path: string, waiting: Waiting, belonging: Belonging = {}): Promise<ToReplace> {
  needProc()
  const place = await walk(path, 'write')
  let worker: NativeFolder | undefined
  const close = async () => {
    await worker?.close()
    await place.close()
  }
  try {
    const found = await place.thing?.stat()
    // what a link of /proc leads to (/dev/stdout) has no name there
    const nameless = (await statfs(pathOf(place.folder))).type === PROC
    if (found !== undefined && (nameless || !found.isFile())) return await closedBefore(place, path, waiting, belonging)
    const folder = await place.folder.stat()
    if (place.thing !== undefined && found !== undefined) {
      refuseOthers(found, folder, belonging)
      await access(pathOf(place.thing), constants.W_OK)
    }
    // later ksys may be another user, who has no rights in this folder
    if (otherOwner(folder) !== undefined || ownUser === 0) worker = workerIn(place.folder.fd, folder).worker
    const part = Buffer.concat([place.name, Buffer.from(PART)])
    const at = (name: Buffer) => nameIn(pathOf(place.folder), name)
    return await countUnfinished(`${path}${PART}`, async () => {
      const fd = await openPart(at(part).toString(), waiting, belonging)
      const ending = {
        replaces: found !== undefined,
        keep: async () => {
          await promisify(fsync)(fd)
          if (worker === undefined) await rename(at(part), at(place.name))
          else settled(await worker.renameOver(part, place.name))
          await close()
        },
        drop: async () => {
          if (worker === undefined) await unlink(at(part))
          else settled(await worker.remove(part))
          await close()
        },
      }
      return { fd, regular: true, ending }
    })
  } catch (e) {
    await close()
    throw e
  }
}

async function closedBefore(place: Place, path: string, waiting: Waiting, belonging: Belonging): Promise<ToReplace> {
  const opened = await openToReplace(path, waiting, belonging)
  await place.close()
  return opened
}

async function openPart(path: string, waiting: Waiting, belonging: Belonging): Promise<number> {
  for (let tries = 1; ; tries++) {
    const { fd, stat } = await openToWrite(path, waiting, belonging)
    try {
      if (!stat.isFile()) throw new PathError(`its name with ${PART} is not free`)
      if (!(await lockedToWrite(fd))) throw new PathError('another run of ksys is writing it')
      if (lstatSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino) {
        emptied(fd, belonging)
        return fd
      }
      if (tries === TRIES) throw new PathError('other runs of ksys keep writing it')
    } catch (e) {
      closeSync(fd)
      throw e
    }
    closeSync(fd)
  }
}
