// Finds containers in a batch that were not looked up yet, from rows that contain a thread's cgroups.
import { type EventBatch, ROW } from '../model/batch.js'
import { cgroupMaybe, cgroupOwner, cgroupPath } from '../model/cgroup.js'
import { shortId } from '../model/container.js'
import { Event } from '../model/event.js'
import { CODE } from '../schema/codes.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import { isWatcher, type Watcher } from './watchers.js'

/** By event code: the index of the parameter with cgroups or the path of one, -1 for none. */
const CGROUPS = Int8Array.from(EVENTS, (d) =>
  d === undefined || ((d.code & 1) === 0 && d.category !== 'internal')
    ? -1
    : d.params.findIndex((p) => p.name === 'cgroups' || (d.code === CODE.ks_cgroup && p.name === 'path')),
)
/** By event code: 1 if the thread executes another program. */
const EXEC = Uint8Array.from(EVENTS, (d) => (d?.task === 'exec' ? 1 : 0))
/** The user of a process if the event does not contain it. */
const NOBODY = 65_534
/** Limit of cached paths; the cache is cleared beyond it. */
const MOST_PATHS = 4_096

export interface ScanResult {
  /** full ids of new containers */
  readonly ids: string[]
  /** paths of cgroups for which only a runtime can decide whether they are a container's */
  readonly paths: string[]
  /** processes that have executed a program in a container, by its full id: their root is the container's */
  readonly processes: Map<string, number>
  /** short ids of containers whose cgroup was removed */
  readonly removed: string[]
  /** processes of runtimes beside containers that have just started */
  readonly watchers: Watcher[]
}

export class Scan {
  private readonly event = new Event(EVENTS, LAYOUTS)
  /** full id of the container by path; undefined: not a container's */
  private readonly owners = new Map<string, string | undefined>()
  private paths: string[] = []
  /** the result for the current batch */
  private result: ScanResult | undefined
  /** short ids of containers that were looked up */
  readonly seen: Set<string> = new RecentIds()
  /** containers whose accounts need not be read any more */
  readonly read: Set<string> = new RecentIds()

  /** Records the container of a path that does not contain an id, as a runtime reported it. */
  learn(path: string, id: string): void {
    this.owners.set(path, id)
    this.seen.add(shortId(id))
  }

  /** Whether the container of that path is known. */
  isKnown(path: string): boolean {
    return this.owners.get(path) !== undefined
  }

  /** What is new in a batch; undefined if nothing is, which is nearly always. */
  scan(batch: EventBatch): ScanResult | undefined {
    const { type, count, flags } = batch
    this.result = undefined
    for (let i = 0; i < count; i++) {
      const code = type[i] as number
      const p = CGROUPS[code] as number
      if (p < 0 || ((flags[i] as number) & ROW.ENTER) !== 0) continue
      this.event.moveTo(batch, i)
      if (code === CODE.ks_cgroup && this.event.number(1) === 1) this.addRemoved(this.event.text(p) ?? '')
      else this.addOwner(p, EXEC[code] === 1 && this.event.ret >= 0)
    }
    if (this.paths.length > 0) this.addTo().paths.push(...this.takePaths())
    return this.result
  }

  /** Handles the removal of a cgroup. */
  private addRemoved(path: string): void {
    const id = this.owner(path)
    if (id !== undefined) this.addTo().removed.push(shortId(id))
  }

  /** Handles the cgroups in parameter p of the event; executes: a process has executed a program. */
  private addOwner(p: number, executes: boolean): void {
    const id = this.ownerOf(p)
    if (id === undefined) {
      const watcher = executes ? this.watcher() : undefined
      if (watcher !== undefined) this.addTo().watchers.push(watcher)
      return
    }
    const short = shortId(id)
    if (!this.seen.has(short)) {
      this.seen.add(short)
      this.addTo().ids.push(id)
    }
    if (executes && !this.read.has(short)) {
      this.read.add(short)
      this.addTo().processes.set(id, this.event.pid)
    }
  }

  /** New paths since the last call for which only a runtime can decide whether they are a container's. */
  takePaths(): string[] {
    const { paths } = this
    this.paths = []
    return paths
  }

  /** The result for the batch, created when it is first needed. */
  private addTo(): ScanResult {
    this.result ??= { ids: [], paths: [], processes: new Map(), removed: [], watchers: [] }
    return this.result
  }

  /** The process of the event, if it is outside of containers and one of a runtime's beside a container. */
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

  /** Full id of the container of these "controller=/path" entries. */
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

/** Size of the set; an id that is added again after as many others counts as new. */
const MOST_RECENT = 4_096

/** A set that drops the oldest ids. */
class RecentIds extends Set<string> {
  override add(id: string): this {
    if (this.size >= MOST_RECENT && !this.has(id)) for (const oldest of this) if (this.delete(oldest)) break
    return super.add(id)
  }
}
