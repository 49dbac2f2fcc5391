// Opens files that a person has named, also where other users may put things: links, FIFOs and files of theirs in folders
// like /tmp are left alone, and whoever waits for the other end of a FIFO can give it up.
import { constants, existsSync, fchmodSync, fchownSync, fstatSync, ftruncateSync, open, type Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ownUser } from '../model/own-user.js'
import { whyNot } from './addon.js'
import { type Native, native } from './native.js'
import { reason, systemCode } from './reason.js'
import { isShared, PathError, type Place, pathOf, walk } from './walk.js'

const openFd = promisify(open)
const { O_CREAT, O_EXCL, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
/** ms between two looks for the other end of a FIFO, and until somebody is told that it has not come */
const PAUSE = 20
const LONG = 1000
/** times that a file may come and go while it is opened */
const TRIES = 10

/** How one waits for the other end of a FIFO. */
export interface Waiting {
  /** asked again and again: true gives it up */
  readonly stopped?: (() => boolean) | undefined
  /** called once when it takes a second and more */
  readonly long?: (() => void) | undefined
}

/** Whose a file is and its permission bits, where that was said. */
export interface Belonging {
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  readonly mode?: number | undefined
}

/** permission bits of files of which nothing was said */
export const PRIVATE = 0o600

/** Somebody has given up waiting for the other end of a FIFO. */
export class WaitCancelled extends Error {}

export interface Opened {
  readonly fd: number
  readonly stat: Stats
}

/**
 * Opens a path for reading, a FIFO without waiting for its writer (see awaitWriter). Throws the system's error, or
 * PathError with what stands against it.
 */
export async function openToRead(path: string): Promise<Opened> {
  // where nothing is mounted at /proc only the kernel's own rules about links count
  if (!existsSync('/proc/self/fd')) return opened(await openFd(path, O_RDONLY | O_NOCTTY | O_NONBLOCK))
  const place = await walk(path)
  try {
    const { thing } = place
    if (thing === undefined) throw new PathError('there is no such file')
    const stat = await thing.stat()
    refuseKinds(stat)
    return { fd: await openFd(pathOf(thing), O_RDONLY | O_NOCTTY | (stat.isFIFO() ? O_NONBLOCK : 0)), stat }
  } finally {
    await place.close()
  }
}

/**
 * Waits until reading a FIFO would not wait: bytes are there, or whoever wrote to it has gone. Throws WaitCancelled, or PathError
 * where the addon, which tells, does not load.
 */
export async function awaitWriter(fd: number, waiting: Waiting): Promise<void> {
  let addon: Native
  try {
    addon = native()
  } catch (e) {
    throw new PathError(`a FIFO is read with ksys's native addon, ${whyNot(e)}`)
  }
  await until(() => addon.readable(fd), waiting)
}

/**
 * Opens a path for writing, and makes a new file readable by its owner only; what is in it stays. Waits for the reader of a
 * FIFO. Throws the system's error, PathError with what stands against it, or WaitCancelled.
 */
export async function openToWrite(path: string, waiting: Waiting): Promise<Opened> {
  if (!existsSync('/proc/self/fd')) throw new PathError('/proc is not mounted, and where it leads cannot be seen')
  for (let tries = 1; ; tries++) {
    const place = await walk(path, true)
    try {
      return await openPlace(place, waiting)
    } catch (e) {
      // somebody was quicker to make it
      if ((e as NodeJS.ErrnoException).code !== 'EEXIST' || tries === TRIES) throw e
    } finally {
      await place.close()
    }
  }
}

/**
 * Opens a path as openToWrite() does, to be written from its beginning: a file becomes readable by its owner only unless
 * `belonging` says otherwise, and what was in it goes. regular: it is a file, not a pipe or a device.
 */
export async function openToReplace(
  path: string,
  waiting: Waiting,
  { uid, gid, mode = PRIVATE }: Belonging = {},
): Promise<{ fd: number; regular: boolean }> {
  const { fd, stat } = await openToWrite(path, waiting)
  if (stat.isFile()) {
    if ((uid ?? gid) !== undefined) fchownSync(fd, uid ?? stat.uid, gid ?? stat.gid)
    fchmodSync(fd, mode)
    // of a file that was cut to nothing, were it empty before, ext4 writes all to the disk while it is closed
    if (fstatSync(fd).size > 0) ftruncateSync(fd, 0)
  }
  return { fd, regular: stat.isFile() }
}

/** The sentence for a path that openToReplace() could not open. */
export function unwritable(path: string, error: unknown): string {
  return `${path} cannot be written: ${systemCode(error) === 'ENOENT' ? 'there is no such folder' : reason(error)}`
}

async function openPlace(place: Place, waiting: Waiting): Promise<Opened> {
  const { thing } = place
  if (thing === undefined)
    return opened(await openFd(place.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY, 0o600))
  const stat = await thing.stat()
  refuseKinds(stat)
  if (stat.isBlockDevice()) throw new PathError('it is a disk')
  refuseOthers(stat, await place.folder.stat())
  return { fd: stat.isFIFO() ? await openFifo(thing, waiting) : await openFd(pathOf(thing), O_WRONLY | O_NOCTTY), stat }
}

async function openFifo(fifo: FileHandle, waiting: Waiting): Promise<number> {
  let fd: number | undefined
  await until(async () => {
    try {
      fd = await openFd(pathOf(fifo), O_WRONLY | O_NONBLOCK)
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'ENXIO') throw e
    }
    return fd !== undefined
  }, waiting)
  return fd as number
}

function refuseKinds(stat: Stats): void {
  if (stat.isDirectory()) throw new PathError('it is a directory')
  if (stat.isSocket()) throw new PathError('it is a socket')
}

/**
 * Throws PathError for what others may have laid out in a shared folder (fs.protected_regular, protected_fifos and
 * protected_hardlinks). stat: of a file or FIFO in that folder.
 */
export function refuseOthers(stat: Stats, folder: Stats): void {
  if (!isShared(folder) || !(stat.isFile() || stat.isFIFO())) return
  const what = stat.isFIFO() ? 'a FIFO' : 'a file'
  if (stat.uid !== ownUser && stat.uid !== folder.uid)
    throw new PathError(`it is ${what} of somebody else (user ${stat.uid}) in a folder that everybody may write to`)
  if (stat.isFile() && stat.nlink > 1)
    throw new PathError('the file has another name too (hard link), and lies in a folder that everybody may write to')
}

async function until(is: () => boolean | Promise<boolean>, { stopped, long }: Waiting): Promise<void> {
  const from = performance.now()
  let told = false
  while (!(await is())) {
    if (stopped?.() === true) throw new WaitCancelled('nobody has opened its other end')
    if (!told && performance.now() - from >= LONG) {
      told = true
      long?.()
    }
    await sleep(PAUSE)
  }
}

function opened(fd: number): Opened {
  return { fd, stat: fstatSync(fd) }
}
