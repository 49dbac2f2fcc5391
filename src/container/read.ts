// Reads small files of places that others control: no links, nothing but plain files, no more than a limit.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

const LARGEST = 4 << 20

/** The bytes of a plain file; undefined when it is none, is too large or may not be read. Never waits for a writer. */
export async function readSmall(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const { size } = await file.stat().then((s) => (s.isFile() ? s : { size: LARGEST + 1 }))
      // /proc says that its files are empty
      if (size > LARGEST) return undefined
      const bytes = await file.readFile()
      return bytes.length > LARGEST ? undefined : bytes
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}
