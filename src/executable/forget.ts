// Removes what older versions have unpacked at the same place, and what was broken off.
import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER_NAME } from './manifest.js'

/** folders that stay, the one in use among them */
const KEPT = 2
/** after this time a folder that is being written, or removed, was left behind, in ms */
const ABANDONED = 3_600_000
const BROKEN_OFF = /^\.(new|old)-/

/** Keeps the folder and the one that was used last before it; others go, unless they are another user's or a program runs from them. */
export function forgetOld(base: string, folder: string, uid: number): void {
  try {
    const found = readdirSync(base).flatMap((name) => {
      const path = join(base, name)
      const stat = lstatSync(path)
      const mine = stat.isDirectory() && stat.uid === uid && path !== folder
      return mine ? [{ name, path, used: stat.mtimeMs }] : []
    })
    const broken = found.filter((f) => BROKEN_OFF.test(f.name) && Date.now() - f.used > ABANDONED)
    const older = found.filter((f) => FOLDER_NAME.test(f.name)).sort((a, b) => b.used - a.used)
    const gone = [...broken, ...older.slice(KEPT - 1)]
    const mapped = gone.length === 0 ? '' : mappedFiles()
    for (const { path } of gone) if (!mapped.includes(`${path}/`)) rmSync(path, { recursive: true, force: true })
  } catch {
    // what cannot be looked at or removed stays
  }
}

/** What all processes that this one may look at have mapped: who runs from a folder has the addon of it. */
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
