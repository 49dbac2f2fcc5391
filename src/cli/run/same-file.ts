// Prevents a run from overwriting the file that it reads.
import { realpathSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { pathsOf } from '../../source/rotation-files.js'
import { FileNames, isFolder } from '../../trace/rotation/names.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'

/** Throws CliError if writing, or removing the oldest of several files, could destroy a file that is read. option: the one that names the written file. */
export function refuseSameFile(s: Pick<Settings, 'read' | 'write' | 'rotation'>, option = '-w'): void {
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
    throw new CliError(EXIT.usage, `${option} ${s.write} would overwrite the file that is read`)
}

/** Throws CliError if a file that is read has a name of the files that are written: it might be removed. */
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
      `${own} is named like the files that -w ${write} writes: move it, or choose another name for -w`,
    )
}

/** The files that -r names. */
function filesOf(path: string): string[] {
  try {
    return pathsOf(path)
  } catch {
    // opening them reports why they cannot be read
    return []
  }
}
