// Reads small files of places that others control: no links, nothing but plain files, no more than a limit.
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

const LARGEST = 4 << 20
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants

/** The bytes of a plain file; undefined when it is none, is too large or may not be read. Never waits for a writer. */
export async function readSmall(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      const { size } = await file.stat().then((s) => (s.isFile() ? s : { size: LARGEST + 1 }))
      return size > LARGEST ? undefined : await upTo(file, LARGEST)
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}

/** The same for a file of a directory in somebody's tree (etc, passwd): neither may be a link, which could lead out of it. */
export async function readInside(root: string, dir: string, name: string): Promise<Buffer | undefined> {
  const opened: FileHandle[] = []
  try {
    opened.push(await open(root, O_RDONLY | O_DIRECTORY))
    opened.push(await open(within(opened[0], dir), O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
    return await readSmall(within(opened[1], name))
  } catch {
    return undefined
  } finally {
    for (const file of opened) await file.close()
  }
}

/** A name in an open directory, whatever becomes of the directory's own name. */
const within = (dir: FileHandle | undefined, name: string): string => `/proc/self/fd/${dir?.fd}/${name}`

/** The whole file when it has no more than `most` bytes; what it says about its size is not relied on. */
async function upTo(file: FileHandle, most: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  for (let size = 0; size <= most; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536))
    if (bytesRead === 0) return Buffer.concat(parts)
    parts.push(buffer.subarray(0, bytesRead))
    size += bytesRead
  }
  return undefined
}
