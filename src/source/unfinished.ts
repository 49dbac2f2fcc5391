// The files that this process writes under another name until they are complete: what a run that ends at once leaves behind.
import { existsSync } from 'node:fs'
import type { Ending } from './files.js'

const paths = new Set<string>()

/** The paths of files that are on the disk, are not complete and cannot be read as they are. */
export function unfinishedFiles(): readonly string[] {
  return [...paths].filter((path) => existsSync(path))
}

/**
 * Counts a file as unfinished while it is opened and until its ending has kept or dropped it. `open` rejects where there is no such
 * file, with the error that this rejects with.
 */
export async function countUnfinished<T extends { readonly ending: Ending }>(
  path: string,
  open: () => Promise<T>,
): Promise<T> {
  paths.add(path)
  try {
    const opened = await open()
    const until = (end: () => Promise<void>) => () => end().finally(() => paths.delete(path))
    const { ending } = opened
    return { ...opened, ending: { ...ending, keep: until(ending.keep), drop: until(ending.drop) } }
  } catch (e) {
    paths.delete(path)
    throw e
  }
}
