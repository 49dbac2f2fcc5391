// Reads small files of places that others control: no links, nothing but plain files, no more than a limit.
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

const LARGEST = 4 << 20
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants

/** What a file has, or why that is not taken; undefined when there is none. */
export type Got = { readonly bytes: Buffer } | { readonly why: string } | undefined

/** Reads a plain file, only one of that user's when `owner` is given. Never waits for a writer. */
export async function readPlain(path: string, owner?: number): Promise<Got> {
  let file: FileHandle
  try {
    file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (e) {
    return refusal(e)
  }
  try {
    const found = await file.stat()
    if (!found.isFile()) return { why: 'it is no plain file' }
    if (owner !== undefined && found.uid !== owner) return { why: `it is not a file of user ${owner}` }
    const bytes = found.size > LARGEST ? undefined : await upTo(file, LARGEST)
    return bytes === undefined ? { why: `it has more than ${LARGEST >> 20} MB` } : { bytes }
  } catch (e) {
    return refusal(e)
  } finally {
    await file.close()
  }
}

/** The bytes of a plain file; undefined when it is none, is too large or may not be read. */
export async function readSmall(path: string): Promise<Buffer | undefined> {
  const got = await readPlain(path)
  return got !== undefined && 'bytes' in got ? got.bytes : undefined
}

/** The same for a file of a directory in somebody's tree (etc, passwd): neither may be a link, which could lead out of it. */
export async function readInside(root: string, dir: string, name: string): Promise<Buffer | undefined> {
  const got = await readUnder(root, [dir, name])
  return got !== undefined && 'bytes' in got ? got.bytes : undefined
}

/**
 * Reads the file at `path` below a directory; nothing on the way may be a link. `owner`: the directory and the file must be
 * that user's.
 */
export async function readUnder(root: string, path: readonly string[], owner?: number): Promise<Got> {
  const opened: FileHandle[] = []
  try {
    let dir = await open(root, O_RDONLY | O_DIRECTORY)
    opened.push(dir)
    if (owner !== undefined && (await dir.stat()).uid !== owner) return { why: `${root} is not user ${owner}'s` }
    for (const part of path.slice(0, -1)) {
      dir = await open(within(dir, part), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      opened.push(dir)
    }
    return await readPlain(within(dir, path.at(-1) ?? ''), owner)
  } catch (e) {
    return refusal(e)
  } finally {
    for (const file of opened) await file.close()
  }
}

/** A name in an open directory, whatever becomes of the directory's own name. */
const within = (dir: FileHandle, name: string): string => `/proc/self/fd/${dir.fd}/${name}`

function refusal(e: unknown): Got {
  const { code = '', message } = e as NodeJS.ErrnoException
  if (code === 'ENOENT') return undefined
  if (code === 'ELOOP') return { why: 'it is a link' }
  // of a directory that may not be a link the kernel says that it is no directory
  if (code === 'ENOTDIR') return { why: 'it lies behind what is no directory' }
  return { why: code === 'ENXIO' ? 'it is no plain file' : code || message }
}

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
