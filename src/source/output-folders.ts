// Creates output folders that the user has named, with the rights of the owner of the folder above.
import { dirname } from 'node:path'
import { makeFolderIn } from './owner-rights.js'
import { systemCode } from './reason.js'
import { walk } from './walk.js'

/** Creates a folder and its parents if they are missing. Throws the system's error, or PathError. */
export async function makeFolders(path: string, mode: number): Promise<void> {
  const plain = path.replace(/(?<=.)\/+$/, '')
  if (await makeFolderIfMissing(plain, mode)) return
  await makeFolders(dirname(plain), mode)
  if (!(await makeFolderIfMissing(plain, mode)))
    throw Object.assign(new Error('the folder above was removed'), { code: 'ENOENT' })
}

/** False if the folder above is missing. */
async function makeFolderIfMissing(path: string, mode: number): Promise<boolean> {
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
      throw Object.assign(new Error('it is not a folder'), { code: 'ENOTDIR' })
  } catch (e) {
    // another process has created it meanwhile
    if (systemCode(e) !== 'EEXIST') throw e
  } finally {
    await place.close()
  }
  return true
}
