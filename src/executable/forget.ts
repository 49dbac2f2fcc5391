// Removes the files of older versions at the same place, and incomplete folders.
import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER_NAME } from './manifest.js'

/** folders that are retained, including the one in use */
const RETAINED = 2
/** ms after which a folder being written or removed counts as abandoned */
const ABANDONED = 3_600_000
const INCOMPLETE = /^\.(new|old)-/

/** Retains the folder and the one used last before it. Removes others, except those of another user and those that a program runs from. */
export function removeOldVersions(base: string, folder: string, uid: number): void {
  try {
    const found = readdirSync(base).flatMap((name) => {
      const path = join(base, name)
      const stat = lstatSync(path)
      const mine = stat.isDirectory() && stat.uid === uid && path !== folder
      return mine ? [{ name, path, used: stat.mtimeMs }] : []
    })
    const abandoned = found.filter((f) => INCOMPLETE.test(f.name) && Date.now() - f.used > ABANDONED)
    const older = found.filter((f) => FOLDER_NAME.test(f.name)).sort((a, b) => b.used - a.used)
    const removable = [...abandoned, ...older.slice(RETAINED - 1)]
    const mapped = removable.length === 0 ? '' : mappedFiles()
    for (const { path } of removable) if (!mapped.includes(`${path}/`)) rmSync(path, { recursive: true, force: true })
  } catch {
    // entries that cannot be examined or removed remain
  }
}

/** The memory maps of all accessible processes: a program that runs from a folder has mapped the addon in it. */
function mappedFiles(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/maps`, 'latin1')
      } catch {
        return ''
      }
    })
    .join('')
}
