// Resolves a path in a tree that other users control, without opening the file: links stay inside the tree (as with RESOLVE_IN_ROOT of
// openat2), and the result is an O_PATH descriptor.
import { constants } from 'node:fs'
import { fdPath, nameIn, O_PATH, partsOf, SLASH } from '../path-parts.js'
import { closePath, fstat, open, readlink, type Work } from './steps.js'

/** A path in a tree that other users control. */
export interface ForeignPath {
  /** the top of the tree, which no link and no .. can leave: a folder that the kernel resolves (/proc/PID/root), or a path in another tree */
  readonly root: string | ForeignPath
  /** relative to the top, with or without a leading slash */
  readonly path: string
  /** follow links, inside the tree; otherwise a path with a link is refused */
  readonly links?: boolean
  /** uid: the top of the tree and the file must belong to this user */
  readonly owner?: number
  /**
   * Called with the O_PATH descriptor of the top and of each component of the path, before anything is looked up in it or its status is
   * read. An exception refuses the path.
   */
  readonly check?: (step: number) => void
}

/** Why a file is refused; the subject of the message is the file ("it is a link"). */
export class Refused extends Error {}

const FOLDER = O_PATH | constants.O_DIRECTORY
/** the limit of the kernel */
const MOST_LINKS = 40
/** Limit of nested folders; each stays open until the path is resolved. */
const MOST_FOLDERS = 100

/** O_PATH descriptors from the top of a tree to the current folder of a walk. */
class PathStack {
  private readonly below: number[] = []

  constructor(private readonly top: number) {}

  get end(): number {
    return this.below.at(-1) ?? this.top
  }

  into(fd: number): void {
    this.below.push(fd)
    if (this.below.length > MOST_FOLDERS) throw new Refused(`its path has more than ${MOST_FOLDERS} folders`)
  }

  /** Leaves a folder; has no effect at the top. */
  up(): void {
    const fd = this.below.pop()
    if (fd !== undefined) closePath(fd)
  }

  backToTop(): void {
    while (this.below.length > 0) this.up()
  }

  /** Returns the current descriptor, which stays open, and closes the others. */
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

/** Resolves a path to an O_PATH descriptor. Throws Refused, or the system's error. */
export function* find({ root, path, links = false, owner, check }: ForeignPath): Work<number> {
  const way = new PathStack(typeof root === 'string' ? yield* open(root, FOLDER) : yield* find(root))
  try {
    check?.(way.end)
    if (owner !== undefined && (yield* fstat(way.end)).uid !== owner)
      throw new Refused(`its folder does not belong to user ${owner}`)
    yield* follow(way, partsOf(Buffer.from(path)), links, check)
  } catch (e) {
    way.close()
    throw e
  }
  return way.take()
}

function* follow(way: PathStack, rest: Buffer[], links: boolean, check: ForeignPath['check']): Work<void> {
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
    if (!links) throw new Refused(rest.length > 0 ? 'its path contains a link' : 'it is a link')
    if (++followed > MOST_LINKS) throw new Refused('too many symbolic links')
    const target = yield* readlink(at)
    if (target[0] === SLASH) way.backToTop()
    rest.unshift(...partsOf(target))
  }
}

/** Opens one component with O_PATH, a link itself. Most components are folders, for which one call suffices. */
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

/** Opens a folder with O_PATH; undefined if it is something else. */
function* folderAt(at: Buffer): Work<number | undefined> {
  try {
    return yield* open(at, FOLDER | constants.O_NOFOLLOW)
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw e
  }
}

/** Runs the check on a descriptor; closes it if the check throws. */
function checked(fd: number, check: ForeignPath['check']): number {
  try {
    check?.(fd)
    return fd
  } catch (e) {
    closePath(fd)
    throw e
  }
}
