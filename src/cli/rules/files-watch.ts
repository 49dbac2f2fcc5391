// Detects changes of files: written in place, replaced by another file, or through links, as Kubernetes updates mounted files.
import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { reason } from '../../source/reason.js'

/** ms without further changes after which they are handled, and the maximum since the first change */
const QUIET = 300
const LONGEST = 3000

export class FilesWatch {
  private readonly watchers = new Map<string, FSWatcher>()
  /** the relevant names in each folder; undefined: all */
  private names = new Map<string, ReadonlySet<string> | undefined>()
  private timer: NodeJS.Timeout | undefined
  private since = 0
  private problemReported = false

  /** changed: called once changes have settled; reportProblem: called if a folder cannot be watched. */
  constructor(
    private readonly changed: () => void,
    private readonly reportProblem: (message: string) => void,
  ) {}

  /** Watches these files and folders, and no others. */
  watch(paths: readonly string[]): void {
    this.names = foldersOf(paths)
    for (const [folder, watcher] of this.watchers) {
      // another folder may have its name by now
      watcher.close()
      this.watchers.delete(folder)
    }
    for (const folder of this.names.keys()) this.start(folder)
  }

  close(): void {
    clearTimeout(this.timer)
    for (const watcher of this.watchers.values()) watcher.close()
    this.watchers.clear()
  }

  private start(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => this.note(folder, name))
      watcher.on('error', () => watcher.close())
      this.watchers.set(folder, watcher)
    } catch (e) {
      const { code } = e as NodeJS.ErrnoException
      // a missing folder may reappear: its parent is watched as well
      if (code === 'ENOENT' || this.problemReported) return
      this.problemReported = true
      this.reportProblem(`cannot watch ${folder} for changed rules; send SIGHUP to re-read them: ${reason(e)}`)
    }
  }

  private note(folder: string, name: string | null): void {
    const relevant = this.names.get(folder)
    // ..data is the link that Kubernetes replaces
    if (name !== null && relevant !== undefined && !relevant.has(name) && !name.startsWith('..')) return
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

/** The folders to watch for changes of these files, and of the files in these folders. */
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
      // it does not exist now
    }
  }
  return folders
}
