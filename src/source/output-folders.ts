// Folders that a person has named to be written into: made where they are missing, with the rights of whoever the folder above belongs to.
import { dirname } from 'node:path'
import { makeFolderIn } from './owner-rights.js'
import { systemCode } from './reason.js'
import { walk } from './walk.js'

/** Makes a folder with those above it, where it is missing. Throws the system's error, or PathError. */
export async function makeFolders(path: string, mode: number): Promise<void> {
  const plain = path.replace(/(?<=.)\/+$/, '')
  if (await madeOne(plain, mode)) return
  await makeFolders(dirname(plain), mode)
  if (!(await madeOne(plain, mode))) throw Object.assign(new Error('the folder above has gone'), { code: 'ENOENT' })
}

/** False where the folder above is missing. */
async function madeOne(path: string, mode: number): Promise<boolean> {
  let place: Awaited<ReturnType<typeof walk>>
  try {
    place = await walk(path, 'write into')
  } catch (e) {
    if (systemCode(e) === 'ENOENT' && dirname(path) !== path) return false
    throw e
  }
  try {
    if (place.thing === undefined) await makeFolderIn(place, mode)
    else if (!(await place.thing.stat()).isDirectory())
      throw Object.assign(new Error('it is no folder'), { code: 'ENOTDIR' })
  } catch (e) {
    // somebody else has made it meanwhile
    if (systemCode(e) !== 'EEXIST') throw e
  } finally {
    await place.close()
  }
  return true
}
