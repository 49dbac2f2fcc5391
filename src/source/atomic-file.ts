// A file that gets its name once it is complete: it is written as NAME.part in the same folder, forced to the disk and renamed. Readers of
// the folder never find an incomplete file under NAME, and a failed run retains the file that had the name before.
import { closeSync, existsSync, fstatSync, fsync, lstatSync } from 'node:fs'
import { access, constants, rename, statfs, unlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ownUser } from '../model/own-user.js'
import type { Belonging } from './belonging.js'
import {
  type Completion,
  needProc,
  openToReplace,
  openToWrite,
  resetFile,
  type ToReplace,
  type Waiting,
} from './files.js'
import { otherOwner } from './folder-owner.js'
import { lockedToWrite } from './locks.js'
import type { NativeFolder } from './native.js'
import { refuseOthers, workerIn } from './owner-rights.js'
import { nameIn } from './path-parts.js'
import { resultOrThrow } from './reason.js'
import { PART } from './rotation-files.js'
import { PathError, type Place, PROC, pathOf, walk } from './walk.js'

/** Attempts, because another run may rename the file between opening and locking it. */
const TRIES = 10

/**
 * Opens a path as openToReplace() does. A file is written with the suffix `.part`, and `completion` gives it its name. Devices and FIFOs are
 * written directly. Throws the system's error, PathError, or WaitCancelled.
 */
export async function openAtomic(path: string, waiting: Waiting, belonging: Belonging = {}): Promise<ToReplace> {
  needProc()
  const place = await walk(path, 'write')
  let worker: NativeFolder | undefined
  const close = async () => {
    await worker?.close()
    await place.close()
  }
  try {
    const found = await place.thing?.stat()
    // the target of a link of /proc (/dev/stdout) has no name in that folder
    const nameless = (await statfs(pathOf(place.folder))).type === PROC
    if (found !== undefined && (nameless || !found.isFile())) return await closedBefore(place, path, waiting, belonging)
    const folder = await place.folder.stat()
    if (place.thing !== undefined && found !== undefined) {
      refuseOthers(found, folder, belonging)
      await access(pathOf(place.thing), constants.W_OK)
    }
    // later ksys may run as another user, who has no rights in this folder
    if (otherOwner(folder) !== undefined || ownUser === 0) worker = workerIn(place.folder.fd, folder).worker
    const part = Buffer.concat([place.name, Buffer.from(PART)])
    const at = (name: Buffer) => nameIn(pathOf(place.folder), name)
    return await countUnfinished(`${path}${PART}`, async () => {
      const fd = await openPart(at(part).toString(), waiting, belonging)
      const completion = {
        replaces: found !== undefined,
        commit: async () => {
          await promisify(fsync)(fd)
          if (worker === undefined) await rename(at(part), at(place.name))
          else resultOrThrow(await worker.renameOver(part, place.name))
          await close()
        },
        discard: async () => {
          if (worker === undefined) await unlink(at(part))
          else resultOrThrow(await worker.remove(part))
          await close()
        },
      }
      return { fd, regular: true, completion }
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
        resetFile(fd, belonging)
        return fd
      }
      if (tries === TRIES) throw new PathError('other runs of ksys are writing it')
    } catch (e) {
      closeSync(fd)
      throw e
    }
    closeSync(fd)
  }
}

const paths = new Set<string>()

/** Paths of files that exist, are incomplete and cannot be read. */
export function unfinishedFiles(): readonly string[] {
  return [...paths].filter((path) => existsSync(path))
}

/**
 * Lists a file as unfinished while it is opened and until it is committed or discarded. Rejects with the error of `open`, after which
 * there must be no file.
 */
export async function countUnfinished<T extends { readonly completion: Completion }>(
  path: string,
  open: () => Promise<T>,
): Promise<T> {
  paths.add(path)
  try {
    const opened = await open()
    const untilDone = (end: () => Promise<void>) => () => end().finally(() => paths.delete(path))
    const { completion } = opened
    return {
      ...opened,
      completion: { ...completion, commit: untilDone(completion.commit), discard: untilDone(completion.discard) },
    }
  } catch (e) {
    paths.delete(path)
    throw e
  }
}
