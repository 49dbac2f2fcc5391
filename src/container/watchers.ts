// The processes that runtimes leave beside their containers (conmon, shims, daemons), whose command lines tell where the
// runtime keeps its files, and of some the container's name.
import { basename } from 'node:path'
import type { FolderClue } from './folders/kind.js'
import { FOLDER_KINDS } from './runtimes.js'

/** A process outside of containers, as its exec or the start of the capture told it. */
export interface Watcher {
  /** what it was called as, or the path of its program */
  readonly exe: string
  readonly args: readonly string[]
  readonly cwd: string
  /** whose it is: what a user's processes say is that user's word */
  readonly uid: number
}

/** What one tells, of a folder of that kind. */
export interface Clue extends FolderClue {
  readonly kind: string
}

const LONGEST = 4_096

/** Programs that are looked at, by the beginning of their names. */
const WATCHERS = new RegExp(`^(${FOLDER_KINDS.map((f) => f.watcher.program).join('|')})`)

/** Whether a program of that name may be one. */
export const isWatcher = (exe: string): boolean => WATCHERS.test(basename(exe))

export function clueOf({ exe, args, cwd }: Watcher): Clue | undefined {
  const program = WATCHERS.exec(basename(exe))?.[1]
  const folder = FOLDER_KINDS.find((f) => f.watcher.program === program)
  const told = folder?.watcher.clue(args, cwd)
  if (folder === undefined || told === undefined) return undefined
  return told.path.length <= LONGEST && !told.path.split('/').includes('..')
    ? { kind: folder.kind, ...told }
    : undefined
}
