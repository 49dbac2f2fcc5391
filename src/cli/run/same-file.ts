// A trace is not written over the file that it is read from.
import { realpathSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { pathsOf } from '../../source/rotation-files.js'
import { FileNames, isFolder } from '../../trace/rotation/names.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/parse.js'

/** Writing over the file that is read would destroy it, and so may removing the oldest of several. Throws CliError. */
export function refuseSameFile(s: Pick<Settings, 'read' | 'write' | 'rotation'>): void {
  if (s.write === undefined || s.write === '-') return
  if (s.rotation !== undefined) {
    refuseOwnFiles(s.read, s.write)
    return
  }
  const identity = (path: string) => {
    try {
      const st = statSync(path)
      return st.isFile() ? `${st.dev}:${st.ino}` : undefined
    } catch {
      return undefined
    }
  }
  const target = identity(s.write)
  if (target !== undefined && s.read.flatMap(filesOf).some((r) => identity(r) === target))
    throw new CliError(EXIT.usage, `-w ${s.write} would overwrite the file that is read`)
}

/** Files that are read are none of those that are written, which may be removed. */
function refuseOwnFiles(read: readonly string[], write: string): void {
  const names = FileNames.forPath(write, isFolder(write))
  const real = (path: string) => {
    try {
      return realpathSync(path)
    } catch {
      return undefined
    }
  }
  const folder = real(names.folder)
  const own = read
    .flatMap(filesOf)
    .find((path) => folder !== undefined && real(dirname(path)) === folder && names.matches(basename(path)))
  if (own !== undefined)
    throw new CliError(
      EXIT.usage,
      `${own} is named like the files that -w ${write} makes: read it from elsewhere, or write others`,
    )
}

/** The files that -r names. */
function filesOf(path: string): string[] {
  try {
    return pathsOf(path)
  } catch {
    // whoever opens them says why they cannot be read
    return []
  }
}
