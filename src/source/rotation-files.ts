// What -r names when it is no single file: a folder, or a pattern, and the files that are meant.
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

/** What a trace is called behind its name while it is written. */
export const PART = '.part'
const { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants

/** What was named. */
export interface Named {
  readonly folder: string
  /** tells the files of it by their names */
  readonly matches: (name: string) => boolean
  /** all files there are of a folder that are traces, or just those that are named so */
  readonly anyKind: boolean
}

/** The folder and names that a path means; undefined: it means one file, or none. */
export function namedFiles(path: string): Named | undefined {
  if (path === '-') return undefined
  let found: Stats | undefined
  try {
    found = statSync(path, { throwIfNoEntry: false })
  } catch {
    // whoever opens it says why it cannot be read
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

/** Names in a folder, sorted as numbers in them have it. Throws the system's error. */
export function namesOf({ folder, matches }: Named): string[] {
  const byNumber = new Intl.Collator('en', { numeric: true }).compare
  return readdirSync(folder).filter(matches).sort(byNumber)
}

/** The files that a path means: itself where it means one, or none. Throws the system's error. */
export function pathsOf(path: string): string[] {
  const named = namedFiles(path)
  return named === undefined ? [path] : namesOf(named).map((name) => join(named.folder, name))
}

/** Tells whether what a path means is still what it was: another text when a file of it came, went, grew or was replaced. */
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

/** Whether a path means what can be read twice and is the same then: a file, or files none of which is being written. */
export function canReadTwice(path: string): boolean {
  const named = namedFiles(path)
  try {
    return named === undefined ? statSync(path).isFile() : !namesOf(named).some(isPart)
  } catch {
    return false
  }
}

/** Whether a file is not whole, by its name: it is still written, or was when its writer ended early. */
export function isPart(path: string): boolean {
  return path.endsWith(PART)
}

/** Whether somebody writes a file at present: whoever writes a .part has it locked, and one that was killed has left it. */
export function isWritten(path: string): boolean {
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

/** The name that a file has once it is whole. */
export function wholeName(path: string): string {
  return isPart(path) ? path.slice(0, -PART.length) : path
}

/**
 * Throws the system's error, or PathError, where the folder is not to be read: somebody else has laid out a link to it in a folder
 * like /tmp.
 */
export async function checkFolder({ folder }: Named): Promise<void> {
  // where nothing is mounted at /proc only the kernel's own rules about links count
  if (existsSync('/proc/self/fd')) await (await walk(folder)).close()
}

/** Opens a regular file that is no link; throws the system's error, of anything else that of a missing file. */
export function openRegular(path: string): number {
  const found = lstatSync(path)
  // to open a device may do something; a link is refused by the system, which says so
  if (found.isFile() || found.isSymbolicLink()) {
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    if (fstatSync(fd).isFile()) return fd
    closeSync(fd)
  }
  throw Object.assign(new Error(`${path} is no file`), { code: 'ENOENT' })
}

/** Opens a regular file that is no link, hands it to `use`, and closes it; undefined when there is none, or it cannot be read. */
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

/** A shell's pattern of a name: *, ? and [...]; undefined when there is none in it. */
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
