// Resolves a path component by component, as the kernel does with fs.protected_symlinks set, whether it is set or not: a link that
// another user has placed in a folder like /tmp is not followed, neither at the end of a path nor before it. For writing, no link of
// another user is followed in any folder where that user can place one.
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readlink, statfs } from 'node:fs/promises'
import { isOpenToOthers, isOwn, isShared, isTrusted, nameOfUser } from './folder-owner.js'
import { DOT, fdPath, nameIn, O_PATH, partsOf, SLASH } from './path-parts.js'

const FOLDER = O_PATH | constants.O_DIRECTORY
const THING = O_PATH | constants.O_NOFOLLOW
/** the limit of the kernel */
const MOST_LINKS = 40
/** type of the file system of /proc */
export const PROC = 0x9fa0

/** Why a path is refused; the message follows "cannot be read: ". */
export class PathError extends Error {}

/** The end of a path. Its descriptors are O_PATH, open for neither reading nor writing. */
export class Place {
  constructor(
    readonly folder: FileHandle,
    /** the last component of the path, in that folder */
    readonly name: Buffer,
    /** the file with that name; undefined if there is none */
    readonly thing: FileHandle | undefined,
  ) {}

  /** A path in the open folder, which works even after the folder was renamed. */
  get path(): Buffer {
    return nameIn(pathOf(this.folder), this.name)
  }

  async close(): Promise<void> {
    await this.thing?.close()
    await this.folder.close()
  }
}

/** A path to the file of a descriptor. */
export function pathOf(thing: FileHandle): string {
  return fdPath(thing.fd)
}

/**
 * Why a path is resolved: to read the file; to write a file or create a folder ('write'), where a link at the end that may belong to
 * another user is refused; to create files in the folder ('write into').
 */
type Purpose = 'read' | 'write' | 'write into'

/** Resolves a path. Throws the system's error, or PathError for a refused link. Needs /proc. */
export async function walk(path: string, purpose: Purpose = 'read'): Promise<Place> {
  if (path === '') throw new PathError('its name is empty')
  let folder = await open(path.startsWith('/') ? '/' : '.', FOLDER)
  let thing: FileHandle | undefined
  const rest = partsOf(Buffer.from(path))
  try {
    for (let links = 0; ; ) {
      const name = rest.shift() ?? DOT
      thing = await look(folder, name, rest.length === 0)
      if (thing === undefined) return new Place(folder, name, undefined)
      const found = await thing.stat()
      if (found.isSymbolicLink()) {
        if (++links > MOST_LINKS) throw new PathError('too many symbolic links')
        const why = linkRefusal(await folder.stat(), found, purpose, rest.length === 0)
        if (why !== undefined) throw new PathError(`${await readlink(pathOf(thing))} is a symbolic link${why}`)
        const target = await behind(folder, name)
        if (Buffer.isBuffer(target)) {
          await thing.close()
          thing = undefined
          rest.unshift(...partsOf(target))
          folder = await startOf(target, folder)
          continue
        }
        thing = await replaced(thing, target)
      }
      if (rest.length === 0) return new Place(folder, name, thing)
      folder = await replaced(folder, thing)
      thing = undefined
    }
  } catch (e) {
    await thing?.close()
    await folder.close()
    throw e
  }
}

async function look(folder: FileHandle, name: Buffer, last: boolean): Promise<FileHandle | undefined> {
  try {
    return await open(nameIn(pathOf(folder), name), THING)
  } catch (e) {
    if (last && (e as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw e
  }
}

async function replaced(old: FileHandle, by: FileHandle): Promise<FileHandle> {
  await old.close()
  return by
}

/** Where a link's target starts: at the root, or in the folder that contains the link. */
async function startOf(path: Buffer, folder: FileHandle): Promise<FileHandle> {
  return path[0] === SLASH ? replaced(folder, await open('/', FOLDER)) : folder
}

/** Why a link is refused, to follow "is a symbolic link"; undefined if it is accepted. In a folder like /tmp no other user can replace an accepted link. */
function linkRefusal(folder: Stats, link: Stats, purpose: Purpose, last: boolean): string | undefined {
  const shared = isShared(folder)
  if (purpose === 'read' ? !shared : !isOpenToOthers(folder)) return undefined
  const inShared = shared ? ', in a folder that all users may write to' : ''
  const trusted = isOwn(link.uid) || (purpose === 'read' ? link.uid === folder.uid : link.uid === 0)
  if (!trusted) return ` of user ${nameOfUser(link.uid)}${inShared}`
  if (purpose === 'read') return undefined
  // the owner of a folder can rename any link in it, and any user who can write to it can hard-link one
  if (link.nlink > 1) return ' that has another name too (hard link), in a folder that other users may write to'
  if (purpose === 'write' && last && shared) return inShared
  if (purpose === 'write' && last && !isTrusted(folder.uid))
    return `, in a folder of user ${nameOfUser(folder.uid)}: specify the file that it leads to`
  return undefined
}

/** The target of a link: a path, or for links of /proc, whose text may not be a path, the opened target. */
async function behind(folder: FileHandle, name: Buffer): Promise<Buffer | FileHandle> {
  const path = nameIn(pathOf(folder), name)
  return (await statfs(pathOf(folder))).type === PROC ? open(path, O_PATH) : readlink(path, { encoding: 'buffer' })
}
