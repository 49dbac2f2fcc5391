// New files that a worker makes in the folder of another user, who may have one locked as soon as it is there.
import { closeSync, fstatSync } from 'node:fs'
import { lockedToWrite, lockHolder } from './locks.js'
import type { NativeFolder } from './native.js'
import { PathError } from './walk.js'

/**
 * Makes a new file, locked and open for writing: its descriptor, or a negative errno. Throws PathError, and leaves no file, where somebody
 * else keeps it locked.
 */
export async function newFileIn(
  worker: Pick<NativeFolder, 'create' | 'remove'>,
  name: Buffer,
  mode: number,
): Promise<number> {
  const fd = await worker.create(name, mode)
  if (fd < 0 || (await lockedToWrite(fd))) return fd
  const holder = lockHolder(fstatSync(fd)) ?? 'another process'
  closeSync(fd)
  await worker.remove(name)
  throw new PathError(`${holder} has it locked`)
}
