// Files in the folder of another user: created, opened and removed with that user's rights (native/process/folder.h), because with root's
// rights they could be redirected to other files by links that the user has placed there.

import { randomBytes } from 'node:crypto'
import { close, closeSync, constants, fchmodSync, fchownSync, fstatSync, open, type Stats } from 'node:fs'
import { type FileHandle, mkdir, unlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ownUser } from '../model/own-user.js'
import { groupOf } from './accounts.js'
import { whyNotLoaded } from './addon-file.js'
import { type Belonging, PRIVATE } from './belonging.js'
import { isOpenToOthers, isShared, isTrusted, nameOfUser, otherOwner } from './folder-owner.js'
import { lockedToWrite, lockHolder } from './locks.js'
import { type NativeFolder, native } from './native.js'
import { errorCode, resultOrThrow } from './reason.js'
import { PathError, Place, pathOf, walk } from './walk.js'

const openFd = promisify(open)
const closeFd = promisify(close)
const { O_CREAT, O_EXCL, O_NOCTTY, O_NOFOLLOW, O_WRONLY } = constants
const OWN = -1

/**
 * A worker in a folder with the rights of the user who will own files there: if root runs ksys, the folder's owner. `mine`: root lacks
 * the right to switch to that user, and the worker has the process's own rights. Throws PathError if the addon does not load, or the
 * system's error.
 */
export function workerIn(fd: number, folder: Stats): { readonly worker: NativeFolder; readonly mine: boolean } {
  const uid = otherOwner(folder)
  if (uid !== undefined) {
    const worker = newWorker(fd, uid, groupOf(uid))
    if (worker.error === 0) return { worker, mine: false }
    const code = errorCode(-worker.error)
    if (code !== 'EPERM' && code !== 'EINVAL') resultOrThrow(-worker.error)
  }
  const worker = newWorker(fd, OWN, OWN)
  resultOrThrow(-worker.error)
  return { worker, mine: true }
}

function newWorker(fd: number, uid: number, gid: number): NativeFolder {
  try {
    return new (native().Folder)(fd, uid, gid)
  } catch (e) {
    throw new PathError(`creating files there needs ksys's native addon, ${whyNotLoaded(e)}`)
  }
}

/** Runs one operation of a worker and closes the worker. Throws the system's error. */
async function once(worker: NativeFolder, work: () => Promise<number>): Promise<number> {
  try {
    return resultOrThrow(await work())
  } finally {
    await worker.close()
  }
}

/** Creates the file of a place, open for writing. Throws the system's error, EEXIST if there is a file by now. */
export async function createIn(place: Place, { uid, gid, mode = PRIVATE }: Belonging): Promise<number> {
  const folder = await place.folder.stat()
  const owner = otherOwner(folder)
  if (owner !== undefined && (uid ?? owner) === owner) {
    const { worker, mine } = workerIn(place.folder.fd, folder)
    if (!mine) return once(worker, () => newFileIn(worker, place.name, mode))
    await worker.close()
  }
  // the folder's owner must not get a descriptor of a file that belongs to a third user
  const fd = await openFd(place.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY, PRIVATE)
  try {
    if ((uid ?? gid) !== undefined) fchownSync(fd, uid ?? OWN, gid ?? OWN)
    if (mode !== PRIVATE) fchmodSync(fd, mode)
    return fd
  } catch (e) {
    await closeFd(fd)
    throw e
  }
}

/** Opens the file of a place for writing. Throws the system's error, or PathError if it was replaced meanwhile. */
export async function replaceIn(place: Place, found: Stats, belonging: Belonging): Promise<number> {
  const folder = await place.folder.stat()
  const owner = otherOwner(folder)
  if (owner !== undefined && found.uid === owner) {
    const { worker, mine } = workerIn(place.folder.fd, folder)
    const replaced = () => worker.replace(place.name, belonging.mode ?? PRIVATE)
    if (!mine) return checked(await once(worker, replaced), folder, belonging)
    await worker.close()
  }
  return openFd(pathOf(place.thing as FileHandle), O_WRONLY | O_NOCTTY)
}

/** Removes the file of a place. Throws the system's error. */
async function removeIn(place: Place): Promise<void> {
  const folder = await place.folder.stat()
  if (otherOwner(folder) === undefined) return unlink(place.path)
  const { worker } = workerIn(place.folder.fd, folder)
  await once(worker, () => worker.remove(place.name))
}

/** Creates the folder of a place. Throws the system's error. */
export async function makeFolderIn(place: Place, mode: number): Promise<void> {
  const folder = await place.folder.stat()
  if (otherOwner(folder) === undefined) {
    await mkdir(place.path, mode)
    return
  }
  const { worker } = workerIn(place.folder.fd, folder)
  await once(worker, () => worker.makeFolder(place.name, mode))
}

/** Checks an opened file, which may differ from the one examined before. Throws PathError, and closes it, if it must not be written. */
export async function checked(fd: number, folder: Stats, belonging: Belonging = {}): Promise<number> {
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) throw new PathError('it is no longer a file')
    refuseOthers(stat, folder, belonging)
    return fd
  } catch (e) {
    await closeFd(fd)
    throw e
  }
}

/**
 * Throws PathError for what other users may have placed in a folder that they can write to (like fs.protected_regular,
 * protected_fifos and protected_hardlinks for folders like /tmp). stat: of the file, FIFO or device in that folder.
 */
export function refuseOthers(stat: Stats, folder: Stats, { uid }: Belonging = {}): void {
  if (!isOpenToOthers(folder)) return
  const where = isShared(folder)
    ? 'a folder that all users may write to'
    : isTrusted(folder.uid)
      ? 'a folder that other users may write to'
      : `a folder of user ${nameOfUser(folder.uid)}`
  if (!stat.isFile() && !stat.isFIFO()) {
    if (!isTrusted(folder.uid)) throw new PathError(`it is a device in ${where}`)
    return
  }
  const what = stat.isFIFO() ? 'a FIFO' : 'a file'
  if (stat.nlink > 1) throw new PathError(`the ${what.slice(2)} has another name too (hard link), in ${where}`)
  const owner = otherOwner(folder)
  const wanted = owner === undefined || stat.isFIFO() ? [ownUser, folder.uid, uid] : [uid ?? owner]
  if (wanted.includes(stat.uid)) return
  if (owner === undefined || isShared(folder) || stat.isFIFO())
    throw new PathError(`it is ${what} of another user, ${nameOfUser(stat.uid)}, in ${where}`)
  throw new PathError(
    `it is a file of user ${nameOfUser(stat.uid)} in ${where}, where files are written with the rights of the folder's owner: remove it first`,
  )
}

/**
 * Creates a new file, locked and open for writing: its descriptor, or a negative errno. If another process keeps it locked, throws
 * PathError and removes the file.
 */
export async function newFileIn(
  worker: Pick<NativeFolder, 'create' | 'remove'>,
  name: Buffer,
  mode: number,
): Promise<number> {
  const fd = await worker.create(name, mode)
  if (fd < 0 || (await lockedToWrite(fd))) return fd
  const holder = lockHolder(fstatSync(fd)) ?? 'another process'
  closeSync(fd)
  await worker.remove(name)
  throw new PathError(`${holder} has it locked`)
}

/** Creates one in a folder, open for reading and writing. Throws the system's error, or PathError. */
export async function openUnnamed(folder: string): Promise<number> {
  const found = await walk(`${folder}/.`, 'write into')
  const place = new Place(found.folder, Buffer.from(`.ksys-${randomBytes(8).toString('hex')}`), undefined)
  try {
    const fd = await createIn(place, {})
    try {
      await removeIn(place)
      return await promisify(open)(`/proc/self/fd/${fd}`, constants.O_RDWR)
    } finally {
      await promisify(close)(fd)
    }
  } finally {
    await found.close()
  }
}
