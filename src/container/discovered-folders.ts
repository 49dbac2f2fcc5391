// What processes that run beside containers tell: folders of runtimes that are not at the usual places (also in the homes of
// users), and names of containers.
import { join } from 'node:path'
import type { ContainerInfo } from '../model/container.js'
import { FOLDER_KINDS, folderKind } from './runtimes.js'
import { clueOf, type Watcher } from './watchers.js'

export interface Folder {
  /** FolderKind.kind */
  readonly kind: string
  readonly path: string
  /** whose word it is, where not root's: what is in it may be whatever that user likes */
  readonly uid?: number
}

/** Folders that are kept: of the system, of one user, and of all users. */
const MOST_OF_SYSTEM = 32
const MOST_OF_USER = 4
const MOST_OF_USERS = 64
/** Cgroups that are kept. */
const MOST_PLAIN = 4_096
/** Containers of root's monitors that are kept, and of users'; the oldest are forgotten beyond it. */
const MOST_MONITORED = 2_048

/** A container as the process that watches over it tells it. */
export interface Monitored {
  readonly info: ContainerInfo
  /** the process was root's: users' may say what they like */
  readonly trusted: boolean
  /** it was seen to begin: the container has not been renamed since */
  readonly began: boolean
}

type Kept = Omit<Monitored, 'trusted'>

export class DiscoveredFolders {
  readonly all: Folder[] = []
  /** by cgroups that do not tell whose they are, as what watches over them says: kinds of folders; nobody asked about them yet */
  private readonly plain = new Map<string, string>()
  /** by the short id, of root's monitors and of users' */
  private readonly ofRoot = new Map<string, Kept>()
  private readonly ofUsers = new Map<string, Kept>()

  /** host: where the host's root is seen, '' for /. */
  constructor(private readonly host: string) {}

  /** Takes what a process tells that a runtime has left beside its containers; began: it does so now. */
  watched(w: Watcher, began = false): void {
    const clue = clueOf(w)
    if (clue === undefined) return
    const { kind, path, cgroup, container } = clue
    if (container !== undefined) keepLast(w.uid === 0 ? this.ofRoot : this.ofUsers, { info: container, began })
    if (w.uid === 0) {
      if (path !== '') this.add({ kind, path })
      if (cgroup !== undefined && this.plain.size < MOST_PLAIN) this.plain.set(cgroup, kind)
    } else if (folderKind(kind).home !== undefined) this.add({ kind, path, uid: w.uid })
  }

  /** What the process that watches over a container tells of it, by the short id. */
  monitored(id: string): Monitored | undefined {
    const trusted = this.ofRoot.get(id)
    const kept = trusted ?? this.ofUsers.get(id)
    return kept && { ...kept, trusted: trusted !== undefined }
  }

  /** Somebody with that home has processes, maybe in containers of their own. */
  user(uid: number, home: string): void {
    if (uid === 0 || !home.startsWith('/')) return
    for (const { kind, home: below } of FOLDER_KINDS)
      if (below !== undefined) this.add({ kind, path: join(home, below), uid })
  }

  /** The kind of folder that has a cgroup's container, as what watches over it says; said once. */
  takePlain(cgroup: string): string | undefined {
    const kind = this.plain.get(cgroup)
    this.plain.delete(cgroup)
    return kind
  }

  private add(folder: Folder): void {
    const path = this.host + folder.path
    const theirs = this.all.filter((f) => f.uid === folder.uid)
    if (theirs.some((f) => f.path === path && f.kind === folder.kind)) return
    const most = folder.uid === undefined ? MOST_OF_SYSTEM : MOST_OF_USER
    const users = this.all.filter((f) => f.uid !== undefined).length
    if (theirs.length < most && (folder.uid === undefined || users < MOST_OF_USERS)) this.all.push({ ...folder, path })
  }
}

function keepLast(all: Map<string, Kept>, kept: Kept): void {
  const { id } = kept.info
  all.delete(id)
  const [oldest] = all.keys()
  if (all.size >= MOST_MONITORED && oldest !== undefined) all.delete(oldest)
  all.set(id, kept)
}
