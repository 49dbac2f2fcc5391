// Where profiles are written: a file that holds one, or a folder with a file for each.
import { statSync } from 'node:fs'

/** Profiles contain no data of the recorded programs, and runtimes of other users read them. */
export const PROFILE_MODE = 0o644

/** A folder, or a file that holds one profile. */
export interface ProfileTarget {
  /** whether it is a folder, which holds any number of profiles */
  readonly many: boolean
  /** The path of a profile. name: of the file in a folder. */
  path(name: string): string
  /** Writes a profile and gives it its name. Rejects with CliError (output). */
  write(name: string, text: string): Promise<void>
  /** Ends; removes what is incomplete. */
  close(): Promise<void>
}

/** Whether the argument of -w is a folder: one that exists, or a path that ends in a slash. */
export function isFolder(path: string): boolean {
  return path.endsWith('/') || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
