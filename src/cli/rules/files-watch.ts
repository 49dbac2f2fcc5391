// Notices that files may have changed: written in place, replaced by others of their name, or by way of links, as Kubernetes does with
// what it mounts.
import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { reason } from '../../source/reason.js'

/** ms without another change after which they are looked at, and at most since the first one */
const QUIET = 300
const LONGEST = 3000

export class FilesWatch {
  private readonly watchers = new Map<string, FSWatcher>()
  /** names that matter in each folder; undefined: all do */
  private names = new Map<string, ReadonlySet<string> | undefined>()
  private timer: NodeJS.Timeout | undefined
  private since = 0
  private complained = false

  /** changed: is called once changes have come to rest; complain: is told in a sentence that nothing is noticed. */
  constructor(
    private readonly changed: () => void,
    private readonly complain: (sentence: string) => void,
  ) {}

  /** Watches these files and folders from now on, and no others. */
  watch(paths: readonly string[]): void {
    this.names = foldersOf(paths)
    for (const [folder, watcher] of this.watchers) {
      // whatever has the folder's name may be another one by now
      watcher.close()
      this.watchers.delete(folder)
    }
    for (const folder of this.names.keys()) this.begin(folder)
  }

  close(): void {
    clearTimeout(this.timer)
    for (const watcher of this.watchers.values()) watcher.close()
    this.watchers.clear()
  }

  private begin(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => this.note(folder, name))
      watcher.on('error', () => watcher.close())
      this.watchers.set(folder, watcher)
    } catch (e) {
      const { code } = e as NodeJS.ErrnoException
      // a folder that is gone may come back: its own is watched as well
      if (code === 'ENOENT' || this.complained) return
      this.complained = true
      this.complain(`changes of rules in ${folder} are not noticed, SIGHUP has them read again: ${reason(e)}`)
    }
  }

  private note(folder: string, name: string | null): void {
    const wanted = this.names.get(folder)
    // ..data is the link that Kubernetes moves on
    if (name !== null && wanted !== undefined && !wanted.has(name) && !name.startsWith('..')) return
    const now = performance.now()
    if (this.timer === undefined) this.since = now
    else if (now - this.since > LONGEST) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.changed()
    }, QUIET)
    this.timer.unref()
  }
}

/** The folders in which something happens when one of these files, or a file of one of these folders, changes. */
function foldersOf(paths: readonly string[]): Map<string, ReadonlySet<string> | undefined> {
  const folders = new Map<string, Set<string> | undefined>()
  const add = (path: string) => {
    const folder = dirname(path)
    if (folders.has(folder)) folders.get(folder)?.add(basename(path))
    else folders.set(folder, new Set([basename(path)]))
  }
  for (const path of paths) {
    add(path)
    try {
      add(realpathSync(path))
      if (statSync(path).isDirectory()) folders.set(path, undefined)
    } catch {
      // it is not there at present
    }
  }
  return folders
}
