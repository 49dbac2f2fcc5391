// Finds what a path leads to in a tree that others control, without opening it: links stay inside of the tree (as with
// RESOLVE_IN_ROOT of openat2), and what is at the end is named by an O_PATH descriptor.
import { constants } from 'node:fs'
import { fdPath, nameIn, O_PATH, partsOf, SLASH } from '../path-parts.js'
import { closePath, fstat, open, readlink, type Work } from './steps.js'

/** A path in a tree that others control. */
export interface ForeignPath {
  /** the top of the tree, which no link and no .. leads out of: a folder that the kernel looks up (/proc/PID/root), or a path of a tree */
  readonly root: string | ForeignPath
  /** from the top of the tree, with or without a slash at its beginning */
  readonly path: string
  /** links are followed, inside of the tree; otherwise a path with a link is refused */
  readonly links?: boolean
  /** uid: the top of the tree and the file must belong to that user */
  readonly owner?: number
  /**
   * Called with the O_PATH descriptor of the top of the tree and of each part of the path, before anything is looked up in it or asked
   * about it. What it throws refuses the path.
   */
  readonly check?: (step: number) => void
}

/** Why a file is not used; the message has the file as its subject ("it is a link"). */
export class Refused extends Error {}

const FOLDER = O_PATH | constants.O_DIRECTORY
/** links after which the kernel gives up, too */
const MOST_LINKS = 40
/** Folders of a path. Each is open until the end is found. */
const MOST_FOLDERS = 100

/** O_PATH descriptors from the top of a tree to where a walk is. */
class Way {
  private readonly below: number[] = []

  constructor(private readonly top: number) {}

  get end(): number {
    return this.below.at(-1) ?? this.top
  }

  into(fd: number): void {
    this.below.push(fd)
    if (this.below.length > MOST_FOLDERS) throw new Refused(`it lies in more than ${MOST_FOLDERS} folders`)
  }

  /** Out of a folder; the top is not left. */
  up(): void {
    const fd = this.below.pop()
    if (fd !== undefined) closePath(fd)
  }

  backToTop(): void {
    while (this.below.length > 0) this.up()
  }

  /** The end, which stays open; the others are closed. */
  take(): number {
    const { end } = this
    if (this.below.pop() !== undefined) this.close()
    return end
  }

  close(): void {
    this.backToTop()
    closePath(this.top)
  }
}

/** An O_PATH descriptor of what a path leads to. Throws Refused, or the system's error. */
export function* find({ root, path, links = false, owner, check }: ForeignPath): Work<number> {
  const way = new Way(typeof root === 'string' ? yield* open(root, FOLDER) : yield* find(root))
  try {
    check?.(way.end)
    if (owner !== undefined && (yield* fstat(way.end)).uid !== owner)
      throw new Refused(`it lies in a folder that does not belong to user ${owner}`)
    yield* follow(way, partsOf(Buffer.from(path)), links, check)
  } catch (e) {
    way.close()
    throw e
  }
  return way.take()
}

function* follow(way: Way, rest: Buffer[], links: boolean, check: ForeignPath['check']): Work<void> {
  for (let followed = 0, name = rest.shift(); name !== undefined; name = rest.shift()) {
    const text = name.toString('latin1')
    if (text === '..') way.up()
    if (text === '.' || text === '..') continue
    const at = nameIn(fdPath(way.end), name)
    const { fd, isLink } = yield* look(at, rest.length === 0, check)
    if (!isLink) {
      way.into(fd)
      continue
    }
    closePath(fd)
    if (!links) throw new Refused(rest.length > 0 ? 'it lies behind a link' : 'it is a link')
    if (++followed > MOST_LINKS) throw new Refused('its symbolic links lead in a circle, or are too many')
    const target = yield* readlink(at)
    if (target[0] === SLASH) way.backToTop()
    rest.unshift(...partsOf(target))
  }
}

/** Names what is at a path, a link itself. Most parts of a path are folders, which one call tells. */
function* look(
  at: Buffer,
  last: boolean,
  check: ForeignPath['check'],
): Work<{ readonly fd: number; readonly isLink: boolean }> {
  if (!last) {
    const folder = yield* folderAt(at)
    if (folder !== undefined) return { fd: checked(folder, check), isLink: false }
  }
  const fd = checked(yield* open(at, O_PATH | constants.O_NOFOLLOW), check)
  try {
    return { fd, isLink: (yield* fstat(fd)).isSymbolicLink() }
  } catch (e) {
    closePath(fd)
    throw e
  }
}

/** Names the folder at a path; undefined where something else is there. */
function* folderAt(at: Buffer): Work<number | undefined> {
  try {
    return yield* open(at, FOLDER | constants.O_NOFOLLOW)
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw e
  }
}

/** A descriptor that was checked; one that is refused is closed. */
function checked(fd: number, check: ForeignPath['check']): number {
  try {
    check?.(fd)
    return fd
  } catch (e) {
    closePath(fd)
    throw e
  }
}
