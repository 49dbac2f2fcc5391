// Resolves a path part by part, as the kernel does with fs.protected_symlinks on, whether it is on or not: a link that
// another user has put into a folder like /tmp is not followed, neither at the end of a path nor before. To write, no other user's link
// is followed in any folder where that user can put one.
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readlink, statfs } from 'node:fs/promises'
import { isOpenToOthers, isOwn, isShared, isTrusted, nameOfUser } from './folder-owner.js'
import { DOT, fdPath, nameIn, O_PATH, partsOf, SLASH } from './path-parts.js'

const FOLDER = O_PATH | constants.O_DIRECTORY
const THING = O_PATH | constants.O_NOFOLLOW
/** links after which the kernel gives up, too */
const MOST_LINKS = 40
/** type of the file system of /proc */
export const PROC = 0x9fa0

/** Why a path is not used; the message stands behind "cannot be read: ". */
export class PathError extends Error {}

/** The end of a path. Its descriptors name things; they are open for neither reading nor writing. */
export class Place {
  constructor(
    readonly folder: FileHandle,
    /** the last part of the path, in that folder */
    readonly name: Buffer,
    /** what is there; undefined when nothing is */
    readonly thing: FileHandle | undefined,
  ) {}

  /** A path to it in the open folder, whatever has become of the folder's name. */
  get path(): Buffer {
    return nameIn(pathOf(this.folder), this.name)
  }

  async close(): Promise<void> {
    await this.thing?.close()
    await this.folder.close()
  }
}

/** A path to what a descriptor names. */
export function pathOf(thing: FileHandle): string {
  return fdPath(thing.fd)
}

/**
 * What a path is followed for: to read what it names; to write the file or make the folder that it names, where a link that may not
 * be the person's own is not followed at its end; to make files in the folder that it names.
 */
export type Purpose = 'read' | 'write' | 'write into'

/** Follows a path. Throws the system's error, or PathError for a link that is not followed. Needs /proc. */
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
        if (++links > MOST_LINKS) throw new PathError('its symbolic links lead in a circle, or are too many')
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

/** Where a link's path begins: at the root, or in the folder that has the link. */
async function startOf(path: Buffer, folder: FileHandle): Promise<FileHandle> {
  return path[0] === SLASH ? replaced(folder, await open('/', FOLDER)) : folder
}

/** Why a link is not followed, behind "is a symbolic link"; undefined when it is. In a folder like /tmp nobody else can replace one that passes. */
function linkRefusal(folder: Stats, link: Stats, purpose: Purpose, last: boolean): string | undefined {
  const shared = isShared(folder)
  if (purpose === 'read' ? !shared : !isOpenToOthers(folder)) return undefined
  const everybody = shared ? ', in a folder that everybody may write to' : ''
  const trusted = isOwn(link.uid) || (purpose === 'read' ? link.uid === folder.uid : link.uid === 0)
  if (!trusted) return ` that user ${nameOfUser(link.uid)} has put there${everybody}`
  if (purpose === 'read') return undefined
  // the owner of a folder can give any link in it another name, and who may write to it can make a hard link to one
  if (link.nlink > 1) return ' that has another name too (hard link), in a folder that others may write to'
  if (purpose === 'write' && last && shared) return everybody
  if (purpose === 'write' && last && !isTrusted(folder.uid))
    return `, in a folder of user ${nameOfUser(folder.uid)}: name the file that it leads to`
  return undefined
}

/** What a link leads to: a path, or for links of /proc, whose text may be no path, the thing itself. */
async function behind(folder: FileHandle, name: Buffer): Promise<Buffer | FileHandle> {
  const path = nameIn(pathOf(folder), name)
  return (await statfs(pathOf(folder))).type === PROC ? open(path, O_PATH) : readlink(path, { encoding: 'buffer' })
}
