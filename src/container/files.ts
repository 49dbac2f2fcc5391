// What runtimes leave on disk about a container, readable before the runtime itself answers, and without it.
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerInfo } from '../model/container.js'
import type { ReadResult } from '../source/foreign/file.js'
import type { ForeignPath } from '../source/foreign/find.js'
import { inHost } from '../source/host.js'
import type { Folder } from './discovered-folders.js'
import type { FolderKind, ReadFolder } from './folders/kind.js'
import { Lane } from './lane.js'
import { json } from './raw.js'
import { Gate } from './runtime.js'
import { FOLDER_KINDS, folderKind } from './runtimes.js'
import type { Folders } from './sockets.js'
import { entries, readSmall } from './tree.js'

/** Troubles that are kept. */
const MOST_TROUBLES = 16

export class Files {
  /** what is there and could not be read, a sentence each, since it was last taken */
  private troubles = new Set<string>()
  /** of folders at other places: they may lie in a file system that never answers */
  private readonly lane = new Lane()
  /** containers that the system's folders are looked through for: of hundreds at once the first have their names first */
  private readonly gate = new Gate()

  constructor(
    readonly folders: Folders,
    /** folders at other places */
    readonly told: readonly Folder[],
    /** where the host's root is seen, '' for / */
    private readonly host: string,
  ) {}

  /** What the system's own files tell of a container, by its full id; undefined when there are none. */
  async of(id: string): Promise<ContainerInfo | undefined> {
    return firstNamed([
      this.gate.through(() => this.ofSystem(id)),
      ...this.told.filter((f) => f.uid === undefined).map((f) => this.ofFolder(id, f)),
    ])
  }

  private ofSystem(id: string): Promise<ContainerInfo | undefined> {
    return firstNamed(this.ofHost().map(({ kind, folder }) => kind.find(id, folder)))
  }

  /** The system's folders at the usual places. */
  private ofHost(): { readonly kind: FolderKind; readonly folder: ReadFolder }[] {
    return FOLDER_KINDS.flatMap((kind) =>
      (this.folders[kind.kind] ?? []).map((root) => ({ kind, folder: this.atOnce(root) })),
    )
  }

  /** The same of files that users keep, who may write there what they like. */
  async ofUsers(id: string): Promise<ContainerInfo | undefined> {
    return firstNamed(this.told.filter((f) => f.uid !== undefined).map((f) => this.ofFolder(id, f)))
  }

  /** What they tell of the container that /NAMESPACE/ID may be the cgroup of; undefined where none does. */
  async ofPlain(namespace: string, id: string): Promise<ContainerInfo | undefined> {
    const told = this.told
      .filter((f) => f.uid === undefined)
      .map((f) => ({ kind: folderKind(f.kind), folder: this.inTurn(f) }))
    const found = await Promise.all(
      [...this.ofHost(), ...told].map(({ kind, folder }) => kind.findPlain?.(namespace, id, folder)),
    )
    return found.find((info) => info !== undefined)
  }

  private ofFolder(id: string, folder: Folder): Promise<ContainerInfo | undefined> {
    return folderKind(folder.kind).find(id, this.inTurn(folder))
  }

  /** What could not be read since this was last asked, a sentence each. */
  takeTroubles(): string[] {
    const all = [...this.troubles]
    this.troubles = new Set()
    return all
  }

  private atOnce(root: string): ReadFolder {
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

  /** A folder at another place, one file at a time; of a user's only what is that user's, and nothing behind links. */
  private inTurn({ path: root, uid }: Folder): ReadFolder {
    const at = this.placesIn(root, uid)
    return {
      json: this.reading(root, (path) => this.lane.through(() => readSmall(at(path)))),
      names: async (path) => (await this.lane.through(() => entries(at(path)))) ?? [],
      exists: async () => true,
    }
  }

  /** Places below a folder. `owner`: whose the folder and its files must be, and no link is followed below it. */
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
      return value === undefined ? this.trouble(join(root, ...path), 'it is no JSON') : value
    }
  }

  private trouble(path: string, why: string): undefined {
    if (this.troubles.size < MOST_TROUBLES) this.troubles.add(`${path} tells no names of containers: ${why}`)
  }
}

/** The first that has a name; one folder that is slow keeps none of the others waiting. */
function firstNamed(all: readonly Promise<ContainerInfo | undefined>[]): Promise<ContainerInfo | undefined> {
  const named = all.map(async (one) => {
    const info = await one
    return info !== undefined && info.name !== '' ? info : Promise.reject(new Error('no name'))
  })
  return Promise.any(named).catch(() => undefined)
}
