// The known containers, and the container that a thread's cgroups belong to.
import { cgroupOwner, cgroupPath } from '../model/cgroup.js'
import { Container, type ContainerInfo, shortId } from '../model/container.js'
import { parseContainer } from '../model/container-json.js'
import type { GroupInfo, Snapshot, UserInfo } from '../model/snapshot.js'
import { splitList } from '../model/text-list.js'

/** Containers without a thread that are retained: those that ended last, or have not started. */
const WITHOUT_THREADS = 512
/** The same when memory is short. */
const FEWEST = 64
/** Most cached paths with their owners, and most cached lists of cgroups; a cache that reaches it is cleared. */
const MOST = 2_048

export class Containers {
  /** by the short id */
  readonly byId = new Map<string, Container>()
  /** the container that the last container event described */
  lastReported: Container | undefined
  /** number of containers at which idle ones are evicted */
  private evictionSize = 2 * WITHOUT_THREADS
  /** those of before the last snapshot, by the short id: one that is found again keeps its object */
  private former: ReadonlyMap<string, Container> = new Map()
  private readonly byPath = new Map<string, Container | undefined>()
  private readonly lists = new Map<string, string[]>()
  /** metadata from container events that are still to come: by the short id, and by the cgroups that contain no id */
  private readonly later = new Map<string, { readonly info: ContainerInfo; readonly json: string }>()
  private readonly laterByPath = new Map<string, ContainerInfo>()
  /** accounts of containers of which nothing else is known yet, by the short id */
  private readonly early = new Map<string, Pick<Container, 'users' | 'groups'>>()

  /** inUse: the containers of all threads, each once */
  constructor(private readonly inUse: () => ReadonlySet<Container>) {}

  /** The container to which these cgroups ("controller=/path") belong, undefined on the host. */
  ofCgroups(cgroups: readonly string[]): Container | undefined {
    for (let i = 0; i < cgroups.length; i++) {
      const path = cgroupPath(cgroups[i] as string)
      if (path.length < 2) continue
      const owner = this.byPath.has(path) ? this.byPath.get(path) : this.addOwner(path)
      if (owner !== undefined) return owner
    }
    return undefined
  }

  /** The cgroups in a parameter's text, cached because each clone and exec repeats it. */
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
   * Applies the text of a container event. Returns a cgroup path if only now it is known to be a container's: its threads must
   * be assigned again.
   */
  report(json: string): string | undefined {
    const info = parseContainer(json)
    if (info === undefined) return undefined
    const c = this.intern(info.id, info.fullId, info.type)
    const later = info.name === '' ? this.later.get(info.id) : undefined
    c.info = later?.info ?? info
    c.json = later?.json ?? json
    this.lastReported = c
    if (info.cgroup === '' || this.byPath.get(info.cgroup) === c) return undefined
    this.byPath.set(info.cgroup, c)
    return info.cgroup
  }

  /** Texts of container events that are still to come: a container without a name has their metadata from the start. */
  preload(jsons: readonly string[]): void {
    for (const json of jsons) {
      const info = parseContainer(json)
      if (info === undefined || info.name === '' || this.later.has(info.id)) continue
      this.later.set(info.id, { info, json })
      if (info.cgroup !== '') this.laterByPath.set(info.cgroup, info)
    }
  }

  addUser(id: string, user: UserInfo): void {
    const to = this.accountsOf(shortId(id))
    to.users ??= new Map()
    to.users.set(user.uid, user)
  }

  addGroup(id: string, group: GroupInfo): void {
    const to = this.accountsOf(shortId(id))
    to.groups ??= new Map()
    to.groups.set(group.gid, group)
  }

  /** Where the accounts of a container are. They may be read before its first thread and its name are known. */
  private accountsOf(id: string): Pick<Container, 'users' | 'groups'> {
    const known = this.byId.get(id) ?? this.early.get(id)
    if (known !== undefined) return known
    this.evictEarly(WITHOUT_THREADS - 1)
    const early = { users: undefined, groups: undefined }
    this.early.set(id, early)
    return early
  }

  /** Loads a snapshot's containers in place of the present ones. Those that were known keep their object. */
  load(s: Snapshot): void {
    this.former = new Map(this.byId)
    this.byId.clear()
    this.byPath.clear()
    this.early.clear()
    this.lastReported = undefined
    for (const json of s.containers ?? []) this.report(json)
    this.lastReported = undefined
    for (const u of s.users) if (u.container !== undefined) this.addUser(u.container, u)
    for (const g of s.groups) if (g.container !== undefined) this.addGroup(g.container, g)
  }

  /** The containers as plain data, for a snapshot. */
  save(): { containers: string[]; users: UserInfo[]; groups: GroupInfo[] } {
    const all = [...this.byId.values()]
    const accounts = [...all, ...this.early.values()]
    return {
      containers: all.filter((c) => c.json !== '').map((c) => c.json),
      users: accounts.flatMap((a) => [...(a.users?.values() ?? [])]),
      groups: accounts.flatMap((a) => [...(a.groups?.values() ?? [])]),
    }
  }

  private addOwner(path: string): Container | undefined {
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
    if (known !== undefined) return withFullId(known, fullId)
    if (this.byId.size >= this.evictionSize) this.evictIdle()
    const former = this.former.get(id)
    const c =
      former !== undefined && mayBeEqual(former.fullId, fullId)
        ? withFullId(former, fullId)
        : new Container(id, fullId, type)
    const later = this.later.get(id)
    c.info = later?.info
    c.json = later?.json ?? ''
    const early = this.early.get(id)
    this.early.delete(id)
    c.users = early?.users
    c.groups = early?.groups
    this.byId.set(id, c)
    return c
  }

  /** Drops caches that can be rebuilt, and containers that have no thread any more. */
  forgetIdle(): void {
    this.lists.clear()
    this.evictIdle(FEWEST)
    this.evictEarly(FEWEST)
  }

  /** Evicts the oldest accounts of unknown containers until those of `most` are left. */
  private evictEarly(most: number): void {
    for (const oldest of this.early.keys()) {
      if (this.early.size <= most) break
      this.early.delete(oldest)
    }
  }

  /** Evicts the oldest containers without a thread until `most` are left. */
  private evictIdle(most = WITHOUT_THREADS): void {
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
    this.evictionSize = this.byId.size + WITHOUT_THREADS
  }
}

/** Whether full ids may be of one container: sources that know only the short id leave it empty. */
const mayBeEqual = (a: string, b: string): boolean => a === '' || b === '' || a === b

function withFullId(c: Container, fullId: string): Container {
  if (c.fullId === '') c.fullId = fullId
  return c
}
