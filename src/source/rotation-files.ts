// Which files -r names if it is a folder or a pattern instead of a single file.
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  type Stats,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { native } from './native.js'
import { walk } from './walk.js'

/** Suffix of the name of a file that is being written. */
export const PART = '.part'
const { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants

/** A folder, and which of its files were named. */
export interface Named {
  readonly folder: string
  /** whether a file was named, by its name */
  readonly matches: (name: string) => boolean
  /** true: all traces in the folder; false: only the files whose names match */
  readonly anyKind: boolean
}

/** The folder and file names that a path specifies; undefined: it specifies one file, or none. */
export function namedFiles(path: string): Named | undefined {
  if (path === '-') return undefined
  let found: Stats | undefined
  try {
    found = statSync(path, { throwIfNoEntry: false })
  } catch {
    // opening it later reports the reason
    return undefined
  }
  if (found !== undefined) return found.isDirectory() ? { folder: path, matches: () => true, anyKind: true } : undefined
  const name = basename(path)
  const pattern = patternOf(name)
  if (pattern === undefined) return undefined
  const matches = (n: string) => pattern.test(n.endsWith(PART) ? n.slice(0, -PART.length) : n) || pattern.test(n)
  return {
    folder: dirname(path),
    matches: (n) => (!n.startsWith('.') || name.startsWith('.')) && matches(n),
    anyKind: false,
  }
}

/** The named files in the folder, sorted with numbers compared as numbers. Throws the system's error. */
export function namesOf({ folder, matches }: Named): string[] {
  const byNumber = new Intl.Collator('en', { numeric: true }).compare
  return readdirSync(folder).filter(matches).sort(byNumber)
}

/** The files that a path specifies: itself if it is not a folder or pattern. Throws the system's error. */
export function pathsOf(path: string): string[] {
  const named = namedFiles(path)
  return named === undefined ? [path] : namesOf(named).map((name) => join(named.folder, name))
}

/** A text that changes if one of the specified files is added, removed, replaced or grows. */
export function versionOf(path: string): string {
  try {
    return pathsOf(path).map(identity).join()
  } catch {
    return ''
  }
}

function identity(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found === undefined ? '' : `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs}`
}

/** Whether a path can be read twice with the same result: a file, or files none of which is being written. */
export function canReadTwice(path: string): boolean {
  const named = namedFiles(path)
  try {
    return named === undefined ? statSync(path).isFile() : !namesOf(named).some(isPart)
  } catch {
    return false
  }
}

/** Whether a file is incomplete, by its name: it is being written, or its writer ended early. */
export function isPart(path: string): boolean {
  return path.endsWith(PART)
}

/** Whether a file is being written: the writer of a .part file holds a lock on it, which ends with the process. */
export function isBeingWritten(path: string): boolean {
  if (!isPart(path)) return false
  let fd: number
  try {
    fd = openRegular(path)
  } catch {
    return false
  }
  try {
    return !native().lockFile(fd)
  } finally {
    closeSync(fd)
  }
}

/** The name of a file once it is complete. */
export function finalName(path: string): string {
  return isPart(path) ? path.slice(0, -PART.length) : path
}

/**
 * Throws the system's error, or PathError, if the folder must not be read: another user has placed a link to it in a folder
 * like /tmp.
 */
export async function checkFolder({ folder }: Named): Promise<void> {
  // without /proc only the kernel's own rules about links apply
  if (existsSync('/proc/self/fd')) await (await walk(folder)).close()
}

/** Opens a regular file that is not a link; throws the system's error, and for anything else ENOENT. */
export function openRegular(path: string): number {
  const found = lstatSync(path)
  // opening a device can have an effect; for a link open() fails with the reason
  if (found.isFile() || found.isSymbolicLink()) {
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    if (fstatSync(fd).isFile()) return fd
    closeSync(fd)
  }
  throw Object.assign(new Error(`${path} is not a file`), { code: 'ENOENT' })
}

/** Opens a regular file that is not a link, passes it to `use`, and closes it; undefined if there is none, or it is not readable. */
export async function withFile<T>(
  folder: string,
  name: string,
  use: (fd: number, size: number) => Promise<T>,
): Promise<T | undefined> {
  let fd: number
  try {
    fd = openRegular(join(folder, name))
  } catch {
    return undefined
  }
  try {
    return await use(fd, fstatSync(fd).size)
  } finally {
    closeSync(fd)
  }
}

/** Converts a shell pattern (*, ? and [...]) of a name; undefined if the name is not a pattern. */
function patternOf(name: string): RegExp | undefined {
  if (!/[*?[]/.test(name)) return undefined
  let source = ''
  for (let i = 0; i < name.length; i++) {
    const c = name[i] as string
    const end = c === '[' ? name.indexOf(']', i + 2) : -1
    if (c === '*') source += '.*'
    else if (c === '?') source += '.'
    else if (end > 0) {
      const inside = name.slice(i + 1, end).replace(/[\\\]^[]/g, '\\$&')
      source += inside.startsWith('!') ? `[^${inside.slice(1)}]` : `[${inside.replace(/^\\\^/, '^')}]`
      i = end
    } else source += c.replace(/[\\^$.+()\]{}|/[]/g, '\\$&')
  }
  try {
    return new RegExp(`^${source}$`, 's')
  } catch {
    return undefined
  }
}
