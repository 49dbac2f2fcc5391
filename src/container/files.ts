// Reads the files that runtimes store about containers, before the runtime itself responds, or without it.
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerInfo } from '../model/container.js'
import type { ReadResult } from '../source/foreign/file.js'
import type { ForeignPath } from '../source/foreign/find.js'
import { inHost } from '../source/host.js'
import type { Folder } from './discovered-folders.js'
import type { FolderKind, ReadFolder } from './folders/kind.js'
import { json } from './raw.js'
import { Gate, SerialQueue } from './runtime.js'
import { FOLDER_KINDS, folderKind } from './runtimes.js'
import type { Folders } from './sockets.js'
import { entries, readSmall } from './tree.js'

/** Limit of problems retained. */
const MOST_TROUBLES = 16

export class Files {
  /** files that could not be read, one sentence each, since takeTroubles() */
  private troubles = new Set<string>()
  /** for folders in unusual places, which may be on a file system that never responds */
  private readonly queue = new SerialQueue()
  /** limits the containers looked up in the system's folders at once, so that the first of hundreds get their names first */
  private readonly gate = new Gate()

  constructor(
    readonly folders: Folders,
    /** folders in unusual places */
    readonly discovered: readonly Folder[],
    /** where the host's root is mounted, '' for / */
    private readonly host: string,
  ) {}

  /** What the system's own files contain about a container, by its full id; undefined if there are none. */
  async find(id: string): Promise<ContainerInfo | undefined> {
    return firstNamed([
      this.gate.through(() => this.findInUsual(id)),
      ...this.discovered.filter((f) => f.uid === undefined).map((f) => this.findIn(id, f)),
    ])
  }

  private findInUsual(id: string): Promise<ContainerInfo | undefined> {
    return firstNamed(this.usualFolders().map(({ kind, folder }) => kind.find(id, folder)))
  }

  /** The system's folders in the usual places. */
  private usualFolders(): { readonly kind: FolderKind; readonly folder: ReadFolder }[] {
    return FOLDER_KINDS.flatMap((kind) =>
      (this.folders[kind.kind] ?? []).map((root) => ({ kind, folder: this.directly(root) })),
    )
  }

  /** The same for files of users, who control their content. */
  async findOfUsers(id: string): Promise<ContainerInfo | undefined> {
    return firstNamed(this.discovered.filter((f) => f.uid !== undefined).map((f) => this.findIn(id, f)))
  }

  /** What they contain about the container whose cgroup may be /NAMESPACE/ID; undefined if there is none. */
  async findPlain(namespace: string, id: string): Promise<ContainerInfo | undefined> {
    const discovered = this.discovered
      .filter((f) => f.uid === undefined)
      .map((f) => ({ kind: folderKind(f.kind), folder: this.oneAtATime(f) }))
    const found = await Promise.all(
      [...this.usualFolders(), ...discovered].map(({ kind, folder }) => kind.findPlain?.(namespace, id, folder)),
    )
    return found.find((info) => info !== undefined)
  }

  private findIn(id: string, folder: Folder): Promise<ContainerInfo | undefined> {
    return folderKind(folder.kind).find(id, this.oneAtATime(folder))
  }

  /** Files that could not be read since the last call, one sentence each. */
  takeTroubles(): string[] {
    const all = [...this.troubles]
    this.troubles = new Set()
    return all
  }

  private directly(root: string): ReadFolder {
    const at = this.placesIn(root)
    return {
      json: this.reading(root, (path) => readSmall(at(path))),
      names: (path) => entries(at(path)),
      exists: () =>
        access(root).then(
          () => true,
          () => false,
        ),
    }
  }

  /** Access to a folder in an unusual place, one file at a time; in a user's folder only files of that user, and no links. */
  private oneAtATime({ path: root, uid }: Folder): ReadFolder {
    const at = this.placesIn(root, uid)
    return {
      json: this.reading(root, (path) => this.queue.run(() => readSmall(at(path)))),
      names: async (path) => (await this.queue.run(() => entries(at(path)))) ?? [],
      exists: async () => true,
    }
  }

  /** Paths below a folder. `owner`: the required owner of the folder and its files; no link below it is followed then. */
  private placesIn(root: string, owner?: number): (path: readonly string[]) => ForeignPath {
    if (owner === undefined) return (path) => inHost(this.host, join(root, ...path))
    const folder = inHost(this.host, root)
    return (path) => ({ root: folder, path: join(...path), owner })
  }

  private reading(root: string, read: (path: readonly string[]) => Promise<ReadResult>): ReadFolder['json'] {
    return async (path) => {
      const got = await read(path)
      if (got === undefined) return undefined
      if ('why' in got) return this.trouble(join(root, ...path), got.why)
      const value = json(got.bytes.toString())
      return value === undefined ? this.trouble(join(root, ...path), 'it is not valid JSON') : value
    }
  }

  private trouble(path: string, why: string): undefined {
    if (this.troubles.size < MOST_TROUBLES) this.troubles.add(`container names cannot be read from ${path}: ${why}`)
  }
}

/** The first result with a name; a slow folder does not delay the others. */
function firstNamed(all: readonly Promise<ContainerInfo | undefined>[]): Promise<ContainerInfo | undefined> {
  const named = all.map(async (one) => {
    const info = await one
    return info !== undefined && info.name !== '' ? info : Promise.reject(new Error('no name'))
  })
  return Promise.any(named).catch(() => undefined)
}
