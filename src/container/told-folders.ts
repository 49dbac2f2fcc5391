// Folders of runtimes that are not at the usual places: as the processes beside containers tell, and in the homes of users.
import { join } from 'node:path'
import { clueOf, type Watcher } from './watchers.js'

/** A docker data root, a root of containers/storage, or a state folder of containerd. */
export interface Folder {
  readonly kind: 'docker' | 'storage' | 'containerd'
  readonly path: string
  /** whose word it is, where not root's: what is in it may be whatever that user likes */
  readonly uid?: number
}

/** Folders that are kept: of the system, of one user, and of all users. */
const MOST_OF_SYSTEM = 32
const MOST_OF_USER = 4
const MOST_OF_USERS = 64
/** Tasks that are kept. */
const MOST_TASKS = 16_384

export class ToldFolders {
  readonly all: Folder[] = []
  /** cgroups of containerd's tasks outside of pods, as what watches over them says, that nobody asked about yet */
  private readonly tasks = new Set<string>()

  /** host: where the host's root is seen, '' for /. */
  constructor(private readonly host: string) {}

  /** Takes what a process tells that a runtime has left beside its containers. */
  watched(w: Watcher): void {
    const clue = clueOf(w)
    if (clue === undefined) return
    const { kind, path, cgroup } = clue
    if (w.uid === 0) {
      if (path !== '') this.add({ kind, path })
      if (cgroup !== undefined && this.tasks.size < MOST_TASKS) this.tasks.add(cgroup)
    } else if (kind !== 'containerd') this.add({ kind, path, uid: w.uid })
  }

  /** Somebody with that home has processes, maybe in containers of their own. */
  user(uid: number, home: string): void {
    if (uid === 0 || !home.startsWith('/')) return
    this.add({ kind: 'storage', path: join(home, '.local/share/containers/storage'), uid })
    this.add({ kind: 'docker', path: join(home, '.local/share/docker'), uid })
  }

  /** Whether what watches over it says that a cgroup is a task's; said once. */
  takeTask(cgroup: string): boolean {
    return this.tasks.delete(cgroup)
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
