// Files that only whoever has them open can find, and that are gone with their descriptor.

import { randomBytes } from 'node:crypto'
import { close, constants, open } from 'node:fs'
import { promisify } from 'node:util'
import { createIn, removeIn } from './owner-rights.js'
import { Place, walk } from './walk.js'

/** Makes one in a folder, open for reading and writing. Throws the system's error, or PathError. */
export async function openUnnamed(folder: string): Promise<number> {
  const found = await walk(`${folder}/.`, 'write into')
  const place = new Place(found.folder, Buffer.from(`.ksys-${randomBytes(8).toString('hex')}`), undefined)
  try {
    const fd = await createIn(place, {})
    try {
      await removeIn(place)
      return await promisify(open)(`/proc/self/fd/${fd}`, constants.O_RDWR)
    } finally {
      await promisify(close)(fd)
    }
  } finally {
    await found.close()
  }
}
