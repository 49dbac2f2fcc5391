// The files that programs read, wrote and removed. Paths are kept without what differs between runs, so that equal runs have equal paths.

import { absolutePath, rawPath } from '../fields/paths.js'
import type { Event } from '../model/event.js'
import type { Names } from './names.js'
import { placeOf } from './places.js'
import { addName } from './users.js'

/** Maximum number of different paths. */
const MOST = 100_000

/** Accesses to a path; numbers of calls. */
export interface FileUse {
  read: number
  written: number
  /** did not exist before */
  created: number
  removed: number
  readonly by: string[]
}

/** How a call that opened a file uses it. */
export interface OpenMode {
  readonly reads: (e: Event) => boolean
  readonly writes: (e: Event) => boolean
  readonly creates: (e: Event) => boolean
}

const REMOVES = /^(unlink|unlinkat|rmdir)$/
const MOVES = /^rename/
const CREATES = /^(mkdir|mkdirat|mknod|mknodat|link|linkat|symlink|symlinkat)$/
const MOUNTS = /mount|pivot_root|^fs|open_tree/

export class Files {
  readonly uses = new Map<string, FileUse>()
  /** accesses to paths beyond the maximum */
  omitted = 0

  constructor(
    private readonly mode: OpenMode,
    private readonly names: Names,
  ) {}

  /** Counts a call that succeeded. Returns the path that it read or changed. */
  add(e: Event, by: string): void {
    const { def, fd } = e
    if (def.opens !== undefined) {
      if (fd === undefined || fd.type !== 'file') return
      const path = absolutePath(e, 'name') ?? fd.name
      const writes = this.mode.writes(e)
      if (this.mode.reads(e)) this.count(path, 'read', by)
      if (writes) this.count(path, 'written', by)
      if (this.mode.creates(e)) this.count(path, 'created', by)
      return
    }
    if (def.changesFiles === true && !MOUNTS.test(def.name)) this.change(e, def.name, by)
  }

  private change(e: Event, name: string, by: string): void {
    if (MOVES.test(name)) {
      this.countPath(absolutePath(e, 'source'), 'removed', by)
      this.countNew(absolutePath(e, 'target'), by)
    } else if (REMOVES.test(name)) this.countPath(absolutePath(e, 'name'), 'removed', by)
    else if (CREATES.test(name)) this.countNew(absolutePath(e, 'source') ?? absolutePath(e, 'name'), by)
    else if (rawPath(e, 'name') !== undefined) this.countPath(absolutePath(e, 'name'), 'written', by)
  }

  private countNew(path: string | undefined, by: string): void {
    this.countPath(path, 'written', by)
    this.countPath(path, 'created', by)
  }

  private countPath(path: string | undefined, what: keyof Omit<FileUse, 'by'>, by: string): void {
    if (path !== undefined) this.count(path, what, by)
  }

  private count(given: string, what: keyof Omit<FileUse, 'by'>, by: string): void {
    // a relative path of which the start is unknown would be another file in each folder
    if (!given.startsWith('/') || placeOf(given) === 'harmless') return
    const path = this.names.stable(given)
    let use = this.uses.get(path)
    if (use === undefined) {
      if (this.uses.size >= MOST) {
        this.omitted++
        return
      }
      use = { read: 0, written: 0, created: 0, removed: 0, by: [] }
      this.uses.set(path, use)
    }
    use[what]++
    addName(use.by, by)
  }
}
