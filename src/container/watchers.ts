// The processes of runtimes beside containers (conmon, shims, daemons), whose command lines contain the folders of the
// runtime, and sometimes the container's name.
import { basename } from 'node:path'
import type { FolderClue } from './folders/kind.js'
import { FOLDER_KINDS } from './runtimes.js'

/** A process outside of containers, from its exec or the snapshot at the start. */
export interface Watcher {
  /** argv[0], or the path of its program */
  readonly exe: string
  readonly args: readonly string[]
  readonly cwd: string
  /** its user: data from a user's processes is not trusted */
  readonly uid: number
}

/** What such a process reveals about a folder of that kind. */
interface Clue extends FolderClue {
  readonly kind: string
}

const LONGEST = 4_096

/** Relevant programs, by the start of their names. */
const WATCHERS = new RegExp(`^(${FOLDER_KINDS.map((f) => f.watcher.program).join('|')})`)

/** Whether a program of that name may be one. */
export const isWatcher = (exe: string): boolean => WATCHERS.test(basename(exe))

export function clueOf({ exe, args, cwd }: Watcher): Clue | undefined {
  const program = WATCHERS.exec(basename(exe))?.[1]
  const folder = FOLDER_KINDS.find((f) => f.watcher.program === program)
  const clue = folder?.watcher.clue(args, cwd)
  if (folder === undefined || clue === undefined) return undefined
  return clue.path.length <= LONGEST && !clue.path.split('/').includes('..')
    ? { kind: folder.kind, ...clue }
    : undefined
}
