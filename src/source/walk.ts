// Resolves a path part by part, as the kernel does with fs.protected_symlinks on, whether it is on or not: a link that
// another user has put into a folder like /tmp is not followed, neither at the end of a path nor before.
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readlink, statfs } from 'node:fs/promises'
import { ownUser } from '../model/own-user.js'

const O_PATH = 0o10000000
const FOLDER = O_PATH | constants.O_DIRECTORY
const THING = O_PATH | constants.O_NOFOLLOW
const STICKY = 0o1000
const OTHERS_WRITE = 0o002
/** links after which the kernel gives up, too */
const MOST_LINKS = 40
/** type of the file system of /proc */
const PROC = 0x9fa0
const SLASH = 0x2f
const DOT = Buffer.from('.')

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
    return nameIn(this.folder, this.name)
  }

  async close(): Promise<void> {
    await this.thing?.close()
    await this.folder.close()
  }
}

/** A path to what a descriptor names. */
export function pathOf(thing: FileHandle): string {
  return `/proc/self/fd/${thing.fd}`
}

/** Whether everybody may put names into a folder, and nobody take those of others away. */
export function isShared({ mode }: Stats): boolean {
  return (mode & STICKY) !== 0 && (mode & OTHERS_WRITE) !== 0
}

/**
 * Follows a path. Throws the system's error, or PathError for a link that is not followed. Needs /proc.
 * toWrite: no link at the end is followed in a folder like /tmp, whoever has put it there.
 */
export async function walk(path: string, toWrite = false): Promise<Place> {
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
        await checkLink(await folder.stat(), thing, found, toWrite && rest.length === 0)
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

/** The names of a path; one that ends with a slash means a folder. */
function partsOf(path: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let from = 0; from < path.length; ) {
    const slash = path.indexOf(SLASH, from)
    const to = slash < 0 ? path.length : slash
    if (to > from) parts.push(path.subarray(from, to))
    from = to + 1
  }
  return path.length === 0 || path.at(-1) === SLASH ? [...parts, DOT] : parts
}

function nameIn(folder: FileHandle, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${pathOf(folder)}/`), name])
}

async function look(folder: FileHandle, name: Buffer, last: boolean): Promise<FileHandle | undefined> {
  try {
    return await open(nameIn(folder, name), THING)
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

/** Refuses a link. In such a folder nobody else can put another one in the place of one that passes. */
async function checkLink(folder: Stats, link: FileHandle, { uid }: Stats, never: boolean): Promise<void> {
  const own = uid === ownUser || uid === folder.uid
  if (!isShared(folder) || (own && !never)) return
  const who = own ? '' : ` that another user (${uid}) has put there`
  const what = `${await readlink(pathOf(link))} is a symbolic link${who}`
  throw new PathError(`${what}, in a folder that everybody may write to`)
}

/** What a link leads to: a path, or for links of /proc, whose text may be no path, the thing itself. */
async function behind(folder: FileHandle, name: Buffer): Promise<Buffer | FileHandle> {
  const path = nameIn(folder, name)
  return (await statfs(pathOf(folder))).type === PROC ? open(path, O_PATH) : readlink(path, { encoding: 'buffer' })
}
