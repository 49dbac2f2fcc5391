// Programs and files that a load or tool needs, and the Debian packages that have them.
import { existsSync, readdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/** A program in the PATH, or a file with an absolute path. */
export interface Need {
  file: string
  /** Debian packages, separated by spaces */
  packages: string
}

const POSTGRES = '/usr/lib/postgresql'

/** Folders of programs: those of the PATH, and those where Debian has the newest PostgreSQL. */
function folders(): string[] {
  const path = (process.env.PATH ?? '').split(':')
  if (!existsSync(POSTGRES)) return path
  const versions = readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a))
  return [...path, '/usr/sbin', ...versions.map((version) => join(POSTGRES, version, 'bin'))]
}

/** The path of a program; undefined if there is none. */
export function pathOf(file: string): string | undefined {
  if (isAbsolute(file)) return existsSync(file) ? file : undefined
  return folders()
    .map((folder) => join(folder, file))
    .find(existsSync)
}

/** Those that are missing. */
export const lacking = (needs: readonly Need[]): Need[] => needs.filter(({ file }) => pathOf(file) === undefined)
