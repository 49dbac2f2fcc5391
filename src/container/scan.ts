// Looks through a batch for containers that nobody has asked about: rows that tell a thread's cgroups.
import { type EventBatch, ROW } from '../model/batch.js'
import { cgroupMaybe, cgroupOwner, cgroupPath } from '../model/cgroup.js'
import { shortId } from '../model/container.js'
import { Event } from '../model/event.js'
import { CODE } from '../schema/codes.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import { RecentIds } from './recent.js'
import { isWatcher, type Watcher } from './watchers.js'

/** By event code: the parameter that holds cgroups or the path of one, -1 for none. */
const CGROUPS = Int8Array.from(EVENTS, (d) =>
  d === undefined || ((d.code & 1) === 0 && d.category !== 'internal')
    ? -1
    : d.params.findIndex((p) => p.name === 'cgroups' || (d.code === CODE.ks_cgroup && p.name === 'path')),
)
/** By event code, 1 for those of a thread that runs another program. */
const EXEC = Uint8Array.from(EVENTS, (d) => (d?.task === 'exec' ? 1 : 0))
/** Whose process it is when nobody tells. */
const NOBODY = 65_534
/** Paths that were looked at; forgotten when there are too many. */
const MOST_PATHS = 4_096

export interface Found {
  /** full ids of containers that were not met before */
  readonly ids: string[]
  /** paths of cgroups that only a runtime can tell to be a container's */
  readonly paths: string[]
  /** processes that have begun a program in a container, by its full id: their root is the container's */
  readonly processes: Map<string, number>
  /** short ids of containers whose cgroup was removed */
  readonly gone: string[]
  /** processes that runtimes leave beside their containers, as they began */
  readonly watchers: Watcher[]
}

export class Scan {
  private readonly event = new Event(EVENTS, LAYOUTS)
  /** full id of the owner by path; undefined: nobody's */
  private readonly owners = new Map<string, string | undefined>()
  private paths: string[] = []
  /** in the batch that is looked at */
  private found: Found | undefined
  /** short ids of containers that were asked about */
  readonly seen: Set<string> = new RecentIds()
  /** containers whose accounts need no reading any more */
  readonly read: Set<string> = new RecentIds()

  /** A path that does not tell its container by itself is that one's, as a runtime said. */
  learn(path: string, id: string): void {
    this.owners.set(path, id)
    this.seen.add(shortId(id))
  }

  /** Whether it is known whose that path is. */
  isKnown(path: string): boolean {
    return this.owners.get(path) !== undefined
  }

  /** What is new in a batch; undefined when nothing is, which is nearly always. */
  over(batch: EventBatch): Found | undefined {
    const { type, count, flags } = batch
    this.found = undefined
    for (let i = 0; i < count; i++) {
      const code = type[i] as number
      const p = CGROUPS[code] as number
      if (p < 0 || ((flags[i] as number) & ROW.ENTER) !== 0) continue
      this.event.moveTo(batch, i)
      if (code === CODE.ks_cgroup && this.event.number(1) === 1) this.removed(this.event.text(p) ?? '')
      else this.look(p, EXEC[code] === 1 && this.event.ret >= 0)
    }
    if (this.paths.length > 0) this.news().paths.push(...this.takePaths())
    return this.found
  }

  /** A cgroup has gone. */
  private removed(path: string): void {
    const id = this.owner(path)
    if (id !== undefined) this.news().gone.push(shortId(id))
  }

  /** Looks at the cgroups in parameter p of the event; begins: of a process that began a program. */
  private look(p: number, begins: boolean): void {
    const id = this.ownerOf(p)
    if (id === undefined) {
      const watcher = begins ? this.watcher() : undefined
      if (watcher !== undefined) this.news().watchers.push(watcher)
      return
    }
    const short = shortId(id)
    if (!this.seen.has(short)) {
      this.seen.add(short)
      this.news().ids.push(id)
    }
    if (begins && !this.read.has(short)) {
      this.read.add(short)
      this.news().processes.set(id, this.event.pid)
    }
  }

  /** Paths that came up since they were last taken and that only a runtime can tell to be a container's. */
  takePaths(): string[] {
    const { paths } = this
    this.paths = []
    return paths
  }

  /** What was found in the batch so far. */
  private news(): Found {
    this.found ??= { ids: [], paths: [], processes: new Map(), gone: [], watchers: [] }
    return this.found
  }

  /** What began a program outside of containers, when that is one that watches over some. */
  private watcher(): Watcher | undefined {
    const e = this.event
    const text = (name: string) => e.text(e.paramIndex(name)) ?? ''
    const exe = text('exe')
    if (!isWatcher(exe)) return undefined
    const uid = e.number(e.paramIndex('uid')) ?? NOBODY
    return { exe, args: e.list(e.paramIndex('args')) ?? [], cwd: text('cwd'), uid }
  }

  private ownerOf(p: number): string | undefined {
    const e = this.event
    if (e.type === CODE.ks_cgroup) return this.owner(e.text(p) ?? '')
    return this.ofList(e.list(p) ?? [])
  }

  /** Full id of the container that these "controller=/path" mean. */
  ofList(cgroups: readonly string[]): string | undefined {
    for (let i = 0; i < cgroups.length; i++) {
      const path = cgroupPath(cgroups[i] as string)
      const id = path.length < 2 ? undefined : this.owner(path)
      if (id !== undefined) return id
    }
    return undefined
  }

  private owner(path: string): string | undefined {
    if (this.owners.has(path)) return this.owners.get(path)
    if (this.owners.size >= MOST_PATHS) this.owners.clear()
    const id = cgroupOwner(path)?.id
    this.owners.set(path, id)
    if (id === undefined && cgroupMaybe(path) !== undefined) this.paths.push(path)
    return id
  }
}
