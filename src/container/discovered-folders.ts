// Collects what processes beside containers reveal: folders of runtimes in unusual places (also in users' homes), and names of
// containers.
import { join } from 'node:path'
import type { ContainerInfo } from '../model/container.js'
import { FOLDER_KINDS, folderKind } from './runtimes.js'
import { clueOf, type Watcher } from './watchers.js'

export interface Folder {
  /** FolderKind.kind */
  readonly kind: string
  readonly path: string
  /** the user whose process named the folder, if not root: its content is under that user's control */
  readonly uid?: number
}

/** Limits of recorded folders: of the system, of one user, and of all users. */
const MOST_OF_SYSTEM = 32
const MOST_OF_USER = 4
const MOST_OF_USERS = 64
/** Limit of recorded cgroups. */
const MOST_PLAIN = 4_096
/** Limit of containers recorded per kind of monitor (root's, users'); the oldest are dropped. */
const MOST_MONITORED = 2_048

/** A container as described by its monitor process (conmon). */
interface Monitored {
  readonly info: ContainerInfo
  /** the monitor was root's: users' monitors may contain anything */
  readonly trusted: boolean
  /** the monitor was seen to start: the container has not been renamed since */
  readonly began: boolean
}

type KnownContainer = Omit<Monitored, 'trusted'>

export class DiscoveredFolders {
  readonly all: Folder[] = []
  /** kinds of folders by cgroups that do not contain an id, as revealed by their shims, until takePlain() */
  private readonly plain = new Map<string, string>()
  /** by short id: containers of root's monitors, and of users' */
  private readonly ofRoot = new Map<string, KnownContainer>()
  private readonly ofUsers = new Map<string, KnownContainer>()

  /** host: where the host's root is mounted, '' for /. */
  constructor(private readonly host: string) {}

  /** Records what a runtime's process beside a container reveals; began: it has just started. */
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

  /** What the container's monitor reveals, by the short id. */
  monitored(id: string): Monitored | undefined {
    const trusted = this.ofRoot.get(id)
    const known = trusted ?? this.ofUsers.get(id)
    return known && { ...known, trusted: trusted !== undefined }
  }

  /** Adds the default folders of a user who has processes, possibly in containers. */
  user(uid: number, home: string): void {
    if (uid === 0 || !home.startsWith('/')) return
    for (const { kind, home: below } of FOLDER_KINDS)
      if (below !== undefined) this.add({ kind, path: join(home, below), uid })
  }

  /** The kind of folder that contains the container of a cgroup, as its shim revealed; returned once. */
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

function keepLast(all: Map<string, KnownContainer>, container: KnownContainer): void {
  const { id } = container.info
  all.delete(id)
  const [oldest] = all.keys()
  if (all.size >= MOST_MONITORED && oldest !== undefined) all.delete(oldest)
  all.set(id, container)
}
