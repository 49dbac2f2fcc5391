// Opens files that the user has named, also in places where other users can create things. Links of other users, and their FIFOs and
// files in folders like /tmp, are refused; what root writes in another user's folder is created with that user's rights
// (owner-rights.ts); waiting for the other end of a FIFO can be cancelled.
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  open,
  openSync,
  type Stats,
} from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { whyNotLoaded } from './addon-file.js'
import { type Belonging, PRIVATE } from './belonging.js'
import { doSync, readUpTo } from './foreign/steps.js'
import { type Native, native } from './native.js'
import { createIn, refuseOthers, replaceIn } from './owner-rights.js'
import { reason, systemCode } from './reason.js'
import { PathError, type Place, pathOf, walk } from './walk.js'

const openFd = promisify(open)
const { O_NOCTTY, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
/** ms between two checks for the other end of a FIFO, and until the wait is reported */
const PAUSE = 20
const LONG = 1000
/** attempts to open a file that others create and remove meanwhile */
const TRIES = 10

const COMES_AND_GOES: ReadonlySet<string> = new Set(['EEXIST', 'ENOENT', 'ELOOP'])
const MODE_BITS = 0o7777

/** How to wait for the other end of a FIFO. */
export interface Waiting {
  /** polled; true cancels the wait */
  readonly stopped?: (() => boolean) | undefined
  /** called once if it takes a second or more */
  readonly long?: (() => void) | undefined
}

/** Waiting for the other end of a FIFO was cancelled. */
export class WaitCancelled extends Error {}

interface Opened {
  readonly fd: number
  readonly stat: Stats
}

/** regular: a file, not a pipe or a device; completion: present if the file has another name while it is written */
export interface ToReplace {
  readonly fd: number
  readonly regular: boolean
  readonly completion?: Completion
}

/** Completes or discards a file that has another name while it is written; call one of these once, while the file is open. */
export interface Completion {
  /** Forces the data to the disk and gives the file its name. Throws the system's error, or WriteError. */
  commit(): Promise<void>
  /** Removes the file. */
  discard(): Promise<void>
  /** an existing file is replaced by this one */
  readonly replaces: boolean
}

/**
 * Opens a path for reading, a FIFO without waiting for its writer (see awaitWriter). Throws the system's error, or
 * PathError with the reason why the path must not be used.
 */
export async function openToRead(path: string): Promise<Opened> {
  // without /proc only the kernel's own rules about links apply
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
 * Waits until a read of a FIFO would not block: data is available, or the writer has closed it. Throws WaitCancelled, or PathError
 * if the addon, which checks this, does not load.
 */
export async function awaitWriter(fd: number, waiting: Waiting): Promise<void> {
  let addon: Native
  try {
    addon = native()
  } catch (e) {
    throw new PathError(`reading a FIFO needs ksys's native addon, ${whyNotLoaded(e)}`)
  }
  await until(() => addon.readable(fd), waiting)
}

/**
 * Opens a path for writing; the content of a file is retained. A new file is readable by its owner only unless `belonging` specifies
 * otherwise. Waits for the reader of a FIFO. Throws the system's error, PathError with the reason, or WaitCancelled.
 */
export async function openToWrite(path: string, waiting: Waiting, belonging: Belonging = {}): Promise<Opened> {
  needProc()
  for (let tries = 1; ; tries++) {
    const place = await walk(path, 'write')
    try {
      return await openPlace(place, waiting, belonging)
    } catch (e) {
      // another process created it, removed it, or put a link there
      if (!COMES_AND_GOES.has(systemCode(e) ?? '') || tries === TRIES) throw e
    } finally {
      await place.close()
    }
  }
}

/** Creates a new file, open for writing. Throws the system's error (EEXIST: the name is in use), or PathError. */
export async function openNew(path: string, belonging: Belonging): Promise<number> {
  needProc()
  const place = await walk(path, 'write')
  try {
    if (place.thing !== undefined) throw Object.assign(new Error('it already exists'), { code: 'EEXIST' })
    return await createIn(place, belonging)
  } finally {
    await place.close()
  }
}

/**
 * Opens a path as openToWrite() does, and truncates it: a file becomes readable by its owner only unless `belonging` specifies
 * otherwise, and its content is removed.
 */
export async function openToReplace(path: string, waiting: Waiting, belonging: Belonging = {}): Promise<ToReplace> {
  const { fd } = await openToWrite(path, waiting, belonging)
  try {
    return { fd, regular: resetFile(fd, belonging) }
  } catch (e) {
    closeSync(fd)
    throw e
  }
}

/** A function that opens a path as openToReplace() does. */
export type Opener = typeof openToReplace

/** Sets owner and mode of an open file, if they differ, and empties it; false for anything but a regular file. Throws the system's error. */
export function resetFile(fd: number, { uid, gid, mode = PRIVATE }: Belonging): boolean {
  const stat = fstatSync(fd)
  if (!stat.isFile()) return false
  if ((uid ?? stat.uid) !== stat.uid || (gid ?? stat.gid) !== stat.gid) fchownSync(fd, uid ?? stat.uid, gid ?? stat.gid)
  // changing the owner clears some mode bits
  if ((fstatSync(fd).mode & MODE_BITS) !== mode) fchmodSync(fd, mode)
  // truncate only if needed: after a truncation to zero ext4 writes all data to the disk on close
  if (stat.size > 0) ftruncateSync(fd, 0)
  return true
}

/** The error message for a path that openToReplace() could not open. */
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

/** Places are accessed through /proc/self/fd/FD of their folders. Throws PathError where /proc is missing. */
export function needProc(): void {
  if (!existsSync('/proc/self/fd')) throw new PathError('/proc is not mounted, so its path cannot be checked')
}

function refuseKinds(stat: Stats): void {
  if (stat.isDirectory()) throw new PathError('it is a directory')
  if (stat.isSocket()) throw new PathError('it is a socket')
}

async function until(isReady: () => boolean | Promise<boolean>, { stopped, long }: Waiting): Promise<void> {
  const from = performance.now()
  let reported = false
  while (!(await isReady())) {
    if (stopped?.() === true) throw new WaitCancelled('its other end was not opened')
    if (!reported && performance.now() - from >= LONG) {
      reported = true
      long?.()
    }
    await sleep(PAUSE)
  }
}

function opened(fd: number): Opened {
  return { fd, stat: fstatSync(fd) }
}

/** The whole content of a file; undefined if it has more than `most` bytes. Throws the system's error. */
export function readNamed(path: string, most: number): Buffer | undefined {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOCTTY)
  try {
    return doSync(readUpTo(fd, fstatSync(fd).size, most))
  } finally {
    closeSync(fd)
  }
}
