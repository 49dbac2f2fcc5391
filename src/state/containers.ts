// Which containers are known, and which one a thread's cgroups mean.
import { cgroupOwner, cgroupPath } from '../model/cgroup.js'
import { Container, type ContainerInfo, shortId } from '../model/container.js'
import { parseContainer } from '../model/container-json.js'
import type { GroupInfo, Snapshot, UserInfo } from '../model/snapshot.js'
import { splitList } from '../model/text-list.js'

/** Containers without a thread that are kept: those that ended last, or have not begun. */
const WITHOUT_THREADS = 512
/** The same where memory is short. */
const FEWEST = 64
/** Paths whose owner, and lists of cgroups whose parts are remembered; all are forgotten when there are more. */
const MOST = 2_048

export class Containers {
  /** by the short id */
  readonly byId = new Map<string, Container>()
  /** the container that the last container event told about */
  told: Container | undefined
  /** so many are not looked through for those to be forgotten */
  private room = 2 * WITHOUT_THREADS
  private readonly byPath = new Map<string, Container | undefined>()
  private readonly lists = new Map<string, string[]>()
  /** what will be told of containers, by the short id, and whose cgroups those are that do not tell an id */
  private readonly later = new Map<string, { readonly info: ContainerInfo; readonly json: string }>()
  private readonly laterByPath = new Map<string, ContainerInfo>()

  /** inUse: the containers of all threads, each once */
  constructor(private readonly inUse: () => ReadonlySet<Container>) {}

  /** The container that these cgroups ("controller=/path") mean, undefined on the host. */
  of(cgroups: readonly string[]): Container | undefined {
    for (let i = 0; i < cgroups.length; i++) {
      const path = cgroupPath(cgroups[i] as string)
      if (path.length < 2) continue
      const found = this.byPath.has(path) ? this.byPath.get(path) : this.meet(path)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The cgroups in a parameter's text, which each clone and exec repeats. */
  listOf(text: string): string[] {
    let list = this.lists.get(text)
    if (list === undefined) {
      if (this.lists.size >= MOST) this.lists.clear()
      list = splitList(text)
      this.lists.set(text, list)
    }
    return list
  }

  /**
   * Takes what the text of a container event tells. Returns the cgroup path whose threads have to be looked at again, when
   * only now it is known to be a container's.
   */
  tell(json: string): string | undefined {
    const info = parseContainer(json)
    if (info === undefined) return undefined
    const c = this.intern(info.id, info.fullId, info.type)
    const later = info.name === '' ? this.later.get(info.id) : undefined
    c.info = later?.info ?? info
    c.json = later?.json ?? json
    this.told = c
    if (info.cgroup === '' || this.byPath.get(info.cgroup) === c) return undefined
    this.byPath.set(info.cgroup, c)
    return info.cgroup
  }

  /** Texts of container events that are still to come: a container without a name has these from the beginning. */
  preload(jsons: readonly string[]): void {
    for (const json of jsons) {
      const info = parseContainer(json)
      if (info === undefined || info.name === '' || this.later.has(info.id)) continue
      this.later.set(info.id, { info, json })
      if (info.cgroup !== '') this.laterByPath.set(info.cgroup, info)
    }
  }

  addUser(id: string, user: UserInfo): void {
    const c = this.byId.get(shortId(id))
    if (c === undefined) return
    c.users ??= new Map()
    c.users.set(user.uid, user)
  }

  addGroup(id: string, group: GroupInfo): void {
    const c = this.byId.get(shortId(id))
    if (c === undefined) return
    c.groups ??= new Map()
    c.groups.set(group.gid, group)
  }

  /** Takes over a snapshot's; what was known before is forgotten. */
  load(s: Snapshot): void {
    this.byId.clear()
    this.byPath.clear()
    this.told = undefined
    for (const json of s.containers ?? []) this.tell(json)
    this.told = undefined
    for (const u of s.users) if (u.container !== undefined) this.addUser(u.container, u)
    for (const g of s.groups) if (g.container !== undefined) this.addGroup(g.container, g)
  }

  /** The same as plain data. */
  save(): { containers: string[]; users: UserInfo[]; groups: GroupInfo[] } {
    const all = [...this.byId.values()]
    return {
      containers: all.filter((c) => c.json !== '').map((c) => c.json),
      users: all.flatMap((c) => [...(c.users?.values() ?? [])]),
      groups: all.flatMap((c) => [...(c.groups?.values() ?? [])]),
    }
  }

  private meet(path: string): Container | undefined {
    if (this.byPath.size >= MOST) this.byPath.clear()
    const owner = cgroupOwner(path)
    const later = owner === undefined ? this.laterByPath.get(path) : undefined
    const c =
      later === undefined
        ? owner && this.intern(shortId(owner.id), owner.id, owner.type)
        : this.intern(later.id, later.fullId, later.type)
    this.byPath.set(path, c)
    return c
  }

  private intern(id: string, fullId: string, type: string): Container {
    const known = this.byId.get(id)
    if (known !== undefined) return known
    if (this.byId.size >= this.room) this.makeRoom()
    const c = new Container(id, fullId, type)
    const later = this.later.get(id)
    c.info = later?.info
    c.json = later?.json ?? ''
    this.byId.set(id, c)
    return c
  }

  /** Forgets what costs memory and can be told again, or is of containers that have no thread any more. */
  forgetIdle(): void {
    this.lists.clear()
    this.makeRoom(FEWEST)
  }

  /** Forgets the oldest of those without a thread, all but so many. */
  private makeRoom(most = WITHOUT_THREADS): void {
    const used = this.inUse()
    const pods = new Set([...used].map((c) => shortId(c.info?.sandboxId ?? '')))
    let idle = this.byId.size
    for (const c of used) if (this.byId.get(c.id) === c) idle--
    for (const [id, c] of this.byId) {
      if (idle <= most) break
      if (used.has(c) || pods.has(id)) continue
      this.byId.delete(id)
      idle--
    }
    for (const [path, c] of this.byPath) if (c !== undefined && this.byId.get(c.id) !== c) this.byPath.delete(path)
    this.room = this.byId.size + WITHOUT_THREADS
  }
}
