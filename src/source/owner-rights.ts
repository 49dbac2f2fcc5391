// Files in the folder of another user: made, opened and removed with the rights of that user (native/process/folder.h), as root's could
// reach files that the user has laid out there.
import { close, constants, fchmodSync, fchownSync, fstatSync, open, type Stats } from 'node:fs'
import { type FileHandle, mkdir, unlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ownUser } from '../model/own-user.js'
import { groupOf } from './accounts.js'
import { whyNot } from './addon-trouble.js'
import { type Belonging, PRIVATE } from './belonging.js'
import { isOpenToOthers, isShared, isTrusted, nameOfUser, otherOwner } from './folder-owner.js'
import { type NativeFolder, native } from './native.js'
import { errorCode, settled } from './native-result.js'
import { newFileIn } from './new-file.js'
import { PathError, type Place, pathOf } from './walk.js'

const openFd = promisify(open)
const closeFd = promisify(close)
const { O_CREAT, O_EXCL, O_NOCTTY, O_NOFOLLOW, O_WRONLY } = constants
const OWN = -1

/**
 * What works in a folder with the rights of the user to whom files in it belong: the folder's owner where root runs, who may lack the
 * right to become that user (`mine`). Throws PathError where the addon does not load, or the system's error.
 */
export function workerIn(fd: number, folder: Stats): { readonly worker: NativeFolder; readonly mine: boolean } {
  const uid = otherOwner(folder)
  if (uid !== undefined) {
    const worker = newWorker(fd, uid, groupOf(uid))
    if (worker.error === 0) return { worker, mine: false }
    const code = errorCode(-worker.error)
    if (code !== 'EPERM' && code !== 'EINVAL') settled(-worker.error)
  }
  const worker = newWorker(fd, OWN, OWN)
  settled(-worker.error)
  return { worker, mine: true }
}

function newWorker(fd: number, uid: number, gid: number): NativeFolder {
  try {
    return new (native().Folder)(fd, uid, gid)
  } catch (e) {
    throw new PathError(`files are made there with ksys's native addon, ${whyNot(e)}`)
  }
}

/** One thing that a worker does, which ends then. Throws the system's error. */
async function once(worker: NativeFolder, work: () => Promise<number>): Promise<number> {
  try {
    return settled(await work())
  } finally {
    await worker.close()
  }
}

/** Makes the file of a place, which has none, open for writing. Throws the system's error, EEXIST where there is one by now. */
export async function createIn(place: Place, { uid, gid, mode = PRIVATE }: Belonging): Promise<number> {
  const folder = await place.folder.stat()
  const owner = otherOwner(folder)
  if (owner !== undefined && (uid ?? owner) === owner) {
    const { worker, mine } = workerIn(place.folder.fd, folder)
    if (!mine) return once(worker, () => newFileIn(worker, place.name, mode))
    await worker.close()
  }
  // of a file for a third user the folder's owner must not have had a descriptor
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

/** Opens the file of a place for writing. Throws the system's error, or PathError where it is not the same any more. */
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

/** Removes the name of a place. Throws the system's error. */
export async function removeIn(place: Place): Promise<void> {
  const folder = await place.folder.stat()
  if (otherOwner(folder) === undefined) return unlink(place.path)
  const { worker } = workerIn(place.folder.fd, folder)
  await once(worker, () => worker.remove(place.name))
}

/** Makes the folder of a place. Throws the system's error. */
export async function makeFolderIn(place: Place, mode: number): Promise<void> {
  const folder = await place.folder.stat()
  if (otherOwner(folder) === undefined) {
    await mkdir(place.path, mode)
    return
  }
  const { worker } = workerIn(place.folder.fd, folder)
  await once(worker, () => worker.makeFolder(place.name, mode))
}

/** An open file that may be another one than was looked at before. Throws PathError, and closes it, where it must not be written. */
export async function checked(fd: number, folder: Stats, belonging: Belonging = {}): Promise<number> {
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) throw new PathError('it is no file any more')
    refuseOthers(stat, folder, belonging)
    return fd
  } catch (e) {
    await closeFd(fd)
    throw e
  }
}

/**
 * Throws PathError for what other users may have laid out in a folder that they may write to (as fs.protected_regular,
 * protected_fifos and protected_hardlinks do in folders like /tmp). stat: of what is in that folder, and is no folder.
 */
export function refuseOthers(stat: Stats, folder: Stats, { uid }: Belonging = {}): void {
  if (!isOpenToOthers(folder)) return
  const where = isShared(folder)
    ? 'a folder that everybody may write to'
    : isTrusted(folder.uid)
      ? 'a folder that others may write to'
      : `a folder of user ${nameOfUser(folder.uid)}`
  if (!stat.isFile() && !stat.isFIFO()) {
    if (!isTrusted(folder.uid)) throw new PathError(`it is a device in ${where}`)
    return
  }
  const what = stat.isFIFO() ? 'a FIFO' : 'a file'
  if (stat.nlink > 1) throw new PathError(`the ${what.slice(2)} has another name too (hard link), and lies in ${where}`)
  const owner = otherOwner(folder)
  const wanted = owner === undefined || stat.isFIFO() ? [ownUser, folder.uid, uid] : [uid ?? owner]
  if (wanted.includes(stat.uid)) return
  if (owner === undefined || isShared(folder) || stat.isFIFO())
    throw new PathError(`it is ${what} of somebody else (user ${nameOfUser(stat.uid)}) in ${where}`)
  throw new PathError(
    `it is a file of user ${nameOfUser(stat.uid)} in ${where}, with whose rights files are written there: remove it first`,
  )
}
