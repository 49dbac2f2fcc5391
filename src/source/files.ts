// Opens files that a person has named, also where other users may put things: their links, and their FIFOs and files in folders like
// /tmp, are left alone, what root writes in another user's folder is made with that user's rights (owner-rights.ts), and whoever waits
// for the other end of a FIFO can give it up.
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  open,
  type Stats,
} from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { whyNot } from './addon-trouble.js'
import { type Belonging, PRIVATE } from './belonging.js'
import { type Native, native } from './native.js'
import { createIn, refuseOthers, replaceIn } from './owner-rights.js'
import { reason, systemCode } from './reason.js'
import { PathError, type Place, pathOf, walk } from './walk.js'

const openFd = promisify(open)
const { O_NOCTTY, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
/** ms between two looks for the other end of a FIFO, and until somebody is told that it has not come */
const PAUSE = 20
const LONG = 1000
/** times that a file may come and go while it is opened */
const TRIES = 10

const COMES_AND_GOES: ReadonlySet<string> = new Set(['EEXIST', 'ENOENT', 'ELOOP'])
const MODE_BITS = 0o7777

/** How one waits for the other end of a FIFO. */
export interface Waiting {
  /** asked again and again: true gives it up */
  readonly stopped?: (() => boolean) | undefined
  /** called once when it takes a second and more */
  readonly long?: (() => void) | undefined
}

/** Somebody has given up waiting for the other end of a FIFO. */
export class WaitCancelled extends Error {}

export interface Opened {
  readonly fd: number
  readonly stat: Stats
}

/** regular: it is a file, not a pipe or a device; ending: it has another name while it is written */
export interface ToReplace {
  readonly fd: number
  readonly regular: boolean
  readonly ending?: Ending
}

/** How a file ends that has another name while it is written; one of them is called, once, while it is open. */
export interface Ending {
  /** Forces what was written to the disk and gives the file its name. Throws the system's error, or WriteError. */
  keep(): Promise<void>
  /** Removes what was written. */
  drop(): Promise<void>
  /** a file that is there loses its name to this one */
  readonly replaces: boolean
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
 * Opens a path for writing; what is in a file stays. A new one is readable by its owner only unless `belonging` says otherwise. Waits
 * for the reader of a FIFO. Throws the system's error, PathError with what stands against it, or WaitCancelled.
 */
export async function openToWrite(path: string, waiting: Waiting, belonging: Belonging = {}): Promise<Opened> {
  needProc()
  for (let tries = 1; ; tries++) {
    const place = await walk(path, 'write')
    try {
      return await openPlace(place, waiting, belonging)
    } catch (e) {
      // somebody was quicker to make it, to take it away, or to put a link there
      if (!COMES_AND_GOES.has(systemCode(e) ?? '') || tries === TRIES) throw e
    } finally {
      await place.close()
    }
  }
}

/** Makes a new file, which is open for writing. Throws the system's error (EEXIST: there is something), or PathError. */
export async function openNew(path: string, belonging: Belonging): Promise<number> {
  needProc()
  const place = await walk(path, 'write')
  try {
    if (place.thing !== undefined) throw Object.assign(new Error('it is there already'), { code: 'EEXIST' })
    return await createIn(place, belonging)
  } finally {
    await place.close()
  }
}

/**
 * Opens a path as openToWrite() does, to be written from its beginning: a file becomes readable by its owner only unless
 * `belonging` says otherwise, and what was in it goes.
 */
export async function openToReplace(path: string, waiting: Waiting, belonging: Belonging = {}): Promise<ToReplace> {
  const { fd } = await openToWrite(path, waiting, belonging)
  try {
    return { fd, regular: emptied(fd, belonging) }
  } catch (e) {
    closeSync(fd)
    throw e
  }
}

/** What opens a path as openToReplace() does. */
export type Opener = typeof openToReplace

/** Gives an open file its owner and mode, where it has others, and empties it; false when it is no file. Throws the system's error. */
export function emptied(fd: number, { uid, gid, mode = PRIVATE }: Belonging): boolean {
  const stat = fstatSync(fd)
  if (!stat.isFile()) return false
  if ((uid ?? stat.uid) !== stat.uid || (gid ?? stat.gid) !== stat.gid) fchownSync(fd, uid ?? stat.uid, gid ?? stat.gid)
  // a change of the owner takes some bits away
  if ((fstatSync(fd).mode & MODE_BITS) !== mode) fchmodSync(fd, mode)
  // of a file that was cut to nothing, were it empty before, ext4 writes all to the disk while it is closed
  if (stat.size > 0) ftruncateSync(fd, 0)
  return true
}

/** The sentence for a path that openToReplace() could not open. */
export function unwritable(path: string, error: unknown): string {
  return `${path} cannot be written: ${systemCode(error) === 'ENOENT' ? 'there is no such folder' : reason(error)}`
}

async function openPlace(place: Place, waiting: Waiting, belonging: Belonging): Promise<Opened> {
  const { thing } = place
  if (thing === undefined) return opened(await createIn(place, belonging))
  const stat = await thing.stat()
  refuseKinds(stat)
  if (stat.isBlockDevice()) throw new PathError('it is a disk')
  refuseOthers(stat, await place.folder.stat(), belonging)
  if (stat.isFIFO()) return { fd: await openFifo(thing, waiting), stat }
  if (stat.isFile()) return opened(await replaceIn(place, stat, belonging))
  return { fd: await openFd(pathOf(thing), O_WRONLY | O_NOCTTY), stat }
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

/** Places are found by the descriptors of folders. Throws PathError where these have no names. */
export function needProc(): void {
  if (!existsSync('/proc/self/fd')) throw new PathError('/proc is not mounted, and where it leads cannot be seen')
}

function refuseKinds(stat: Stats): void {
  if (stat.isDirectory()) throw new PathError('it is a directory')
  if (stat.isSocket()) throw new PathError('it is a socket')
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
