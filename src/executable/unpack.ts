// Unpacks the files of the executable once; later starts verify and use the unpacked files.
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { reason } from '../source/reason.js'
import { removeOldVersions } from './forget.js'
import type { Archive, PackedFile } from './manifest.js'
import { missingFolders, type Place, Unfit } from './places.js'
import { isIntact, isOutOfFiles } from './verify.js'

const { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = constants
/** more than the folders in one another, each of which is open while they are removed */
const DEEPEST = 8

/** No place could be used; the message has the reason for each. */
export class NoPlace extends Error {}

interface Unpacked {
  readonly folder: string
  /** it must be removed when the run ends */
  readonly temporary: boolean
}

/** The folder with the files, at the first usable place. Throws NoPlace. */
export function unpacked(inside: Archive, places: readonly Place[], uid: number): Unpacked {
  const reasons: string[] = []
  for (const place of places) {
    try {
      return { folder: at(place, inside, uid), temporary: place.temporary }
    } catch (e) {
      if (isOutOfFiles(e)) throw e
      reasons.push(`${place.path}: ${reason(e)}`)
    }
  }
  throw new NoPlace(reasons.join('; '))
}

/** At a place, where nothing remains if it fails. */
function at(place: Place, inside: Archive, uid: number): string {
  const missing = place.temporary ? [] : missingFolders(place.path)
  let base = ''
  try {
    base = place.open()
    return inBase(base, place, inside, uid)
  } catch (e) {
    if (place.temporary && base !== '') rmSync(base, { recursive: true, force: true })
    else removeEmpty(missing)
    throw e
  }
}

/** Removes created folders, except those that something else was put into meanwhile. */
function removeEmpty(created: readonly string[]): void {
  try {
    for (const folder of created.toReversed()) rmdirSync(folder)
  } catch {
    // not empty, or never created
  }
}

function inBase(base: string, place: Place, { name, manifest, bytes }: Archive, uid: number): string {
  const folder = join(base, name)
  if (isIntact(folder, manifest.files, uid)) {
    for (const f of manifest.files) if (f.executable) checkMappable(join(folder, f.path))
    touch(folder)
    return folder
  }
  checkOpenFiles()
  checkMappableIn(base)
  const fresh = mkdtempSync(join(base, '.new-'))
  try {
    write(fresh, manifest.files, bytes)
    put(fresh, folder, () => isIntact(folder, manifest.files, uid))
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  if (!place.temporary) removeOldVersions(base, folder, uid)
  return folder
}

function write(folder: string, files: readonly PackedFile[], bytes: Uint8Array): void {
  let from = 0
  for (const { path, size, executable } of files) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { mode: 0o700, recursive: true })
    const fd = openSync(file, O_WRONLY | O_CREAT | O_EXCL, executable ? 0o700 : 0o600)
    try {
      for (let to = from + size; from < to; ) from += writeSync(fd, bytes, from, to - from)
    } finally {
      closeSync(fd)
    }
  }
}

/** Renames a written folder to its final name. An existing folder is used instead if it fits: another start was faster. */
function put(fresh: string, folder: string, fits: () => boolean): void {
  try {
    renameSync(fresh, folder)
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw e
    if (fits()) return
    const wrong = mkdtempSync(`${dirname(folder)}/.old-`)
    try {
      renameSync(folder, join(wrong, 'was'))
      renameSync(fresh, folder)
    } finally {
      rmSync(wrong, { recursive: true, force: true })
    }
  }
}

/** Throws the system's error, before anything is written, if fewer files may be open than writing and removing the folder needs. */
function checkOpenFiles(): void {
  const opened: number[] = []
  try {
    while (opened.length < DEEPEST) opened.push(openSync('/', O_RDONLY))
  } finally {
    for (const fd of opened) closeSync(fd)
  }
}

/** access(2) detects file systems mounted noexec, from which shared objects cannot be loaded. */
function checkMappable(file: string): void {
  try {
    accessSync(file, constants.X_OK)
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EACCES') throw e
    throw new Unfit('programs cannot run from there (mounted noexec)')
  }
}

function checkMappableIn(base: string): void {
  const dir = mkdtempSync(join(base, '.new-'))
  try {
    const file = join(dir, 'may-run')
    closeSync(openSync(file, O_WRONLY | O_CREAT | O_EXCL, 0o700))
    checkMappable(file)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Updates the time of a folder, which records its last use. */
function touch(folder: string): void {
  const now = new Date()
  try {
    utimesSync(folder, now, now)
  } catch {
    // a file system that became read-only
  }
}
