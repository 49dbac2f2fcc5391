// Writes the files of the executable to a place, once; later starts find them there, look at each of them and take it.
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { reason } from '../source/reason.js'
import { forgetOld } from './forget.js'
import type { Inside, PackedFile } from './manifest.js'
import { type Place, Unfit } from './places.js'
import { holds } from './verify.js'

const { O_CREAT, O_EXCL, O_WRONLY } = constants

/** No place could take the files; the message has a reason for each. */
export class NoPlace extends Error {}

export interface Unpacked {
  readonly folder: string
  /** to be removed when the run ends */
  readonly brief: boolean
}

/** The folder with the files, at the first place that takes them. Throws NoPlace. */
export function unpacked(inside: Inside, places: readonly Place[], uid: number): Unpacked {
  const reasons: string[] = []
  for (const place of places) {
    try {
      return { folder: at(place, inside, uid), brief: place.brief }
    } catch (e) {
      reasons.push(`${place.path}: ${reason(e)}`)
    }
  }
  throw new NoPlace(reasons.join('; '))
}

function at(place: Place, inside: Inside, uid: number): string {
  const base = place.open()
  try {
    return inBase(base, place, inside, uid)
  } catch (e) {
    if (place.brief) rmSync(base, { recursive: true, force: true })
    throw e
  }
}

function inBase(base: string, place: Place, { name, manifest, bytes }: Inside, uid: number): string {
  const folder = join(base, name)
  if (holds(folder, manifest.files, uid)) {
    for (const f of manifest.files) if (f.executable) checkMappable(join(folder, f.path))
    touch(folder)
    return folder
  }
  checkMappableIn(base)
  const fresh = mkdtempSync(join(base, '.new-'))
  try {
    write(fresh, manifest.files, bytes)
    put(fresh, folder, () => holds(folder, manifest.files, uid))
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  if (!place.brief) forgetOld(base, folder, uid)
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

/** Gives a written folder its name. One that is there already stays when it fits: another start has been quicker. */
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

/** access(2) tells of file systems mounted noexec, where no shared object can be loaded. */
function checkMappable(file: string): void {
  try {
    accessSync(file, constants.X_OK)
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EACCES') throw e
    throw new Unfit('programs may not run from there (mounted noexec)')
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

/** The time of a folder tells when it was used last. */
function touch(folder: string): void {
  const now = new Date()
  try {
    utimesSync(folder, now, now)
  } catch {
    // a file system that became read-only
  }
}
