// What is known about the containers of this machine: queries runtimes and their files, and caches the results.
import { stat } from 'node:fs/promises'
import { type ContainerInfo, shortId } from '../model/container.js'
import { Denials } from './denials.js'
import { DiscoveredFolders } from './discovered-folders.js'
import { Files } from './files.js'
import { Known } from './known.js'
import { PathLookUp, pathParts } from './path-look-up.js'
import { ANSWER_TIME, type Complain, FILES_GRACE, LATE, LATE_ANSWER, within } from './runtime.js'
import { RuntimeQueries } from './runtime-queries.js'
import { folderKind, RANK } from './runtimes.js'
import type { Places } from './sockets.js'

/** ms after which a container is shown without a name, by default */
export const PATIENCE = 2_000
/** ms between the first two attempts */
const AGAIN = 60
/** ms between late attempts: at first, and at most */
const LATE_AGAIN = 1_000
const LATE_SELDOM = 8_000
/** Limit of late look-ups at once. */
const MOST_LATE = 4_096
/** Limit of folders reported by daemons. */
const MOST_FOLDERS = 8

export interface NamesOptions {
  /** ms after which a container is shown without a name; undefined: two seconds */
  readonly patience?: number
  /** only id, name and type are needed: once a name can no longer change, no other source is waited for */
  readonly nameSuffices?: boolean
}

export class Names {
  private readonly containers = new Known((id) => this.wake(id))
  private readonly runtimes: RuntimeQueries
  private readonly paths: PathLookUp
  /** folders in unusual places; the caller reports processes to it */
  readonly folders: DiscoveredFolders
  /** which cgroups whose paths contain no id are no container's */
  readonly denials = new Denials((path, ms) => this.paths.isContainer(path, ms))
  private readonly wanted = new Map<string, Promise<boolean>>()
  private readonly waiting = new Map<string, Set<() => void>>()
  private readonly report: Complain
  private readonly files: Files
  private readonly patience: number
  private readonly nameSuffices: boolean
  /** pending reads of files, by the short id */
  private readonly reading = new Map<string, Promise<boolean>>()
  private late = 0
  private closed = false

  constructor(
    private readonly places: Places,
    complain: Complain,
    { patience = PATIENCE, nameSuffices = false }: NamesOptions = {},
  ) {
    this.patience = patience
    this.nameSuffices = nameSuffices
    const once = new Set<string>()
    const report = (sentence: string) => {
      if (!this.closed && !once.has(sentence)) complain(sentence)
      once.add(sentence)
    }
    this.report = report
    this.folders = new DiscoveredFolders(places.host)
    this.files = new Files(places.folders, this.folders.all, places.host)
    const hooks = { folder: (kind: string, dir: string) => this.folder(kind, dir), complain: report }
    this.runtimes = new RuntimeQueries(places, hooks, (info, rank) => this.containers.update(info, rank), nameSuffices)
    this.paths = new PathLookUp(this.runtimes, this.files, this.containers)
  }

  /** Connects; fulfilled when each runtime has listed its containers, or does not respond. */
  async start(): Promise<void> {
    const listed = this.runtimes.start(() => this.denials.doubt(undefined))
    for (const path of this.places.given)
      if ((await stat(path).catch(() => undefined)) === undefined)
        this.report(`no socket at ${path} yet; container names follow once it appears`)
    await listed
  }

  /** by the short id */
  get known(): ReadonlyMap<string, ContainerInfo> {
    return this.containers.all
  }

  /** Whether more than the id is known. */
  has(id: string): boolean {
    return this.containers.isNamed(shortId(id))
  }

  /** Marks a container as ended; it is retained for a while. Returns one that ended long ago and may be forgotten. */
  ended(id: string): string | undefined {
    return this.containers.ended(id)
  }

  forget(id: string): void {
    this.containers.forget(id)
  }

  /** What has changed since the last call. */
  take(): readonly ContainerInfo[] {
    return this.containers.take()
  }

  /** Looks up a container; fulfilled with whether it has a name, at the latest when the time for that is over. */
  want(fullId: string): Promise<boolean> {
    const id = shortId(fullId)
    let pending = this.wanted.get(id)
    if (pending === undefined) {
      pending = this.lookUp(fullId).finally(() => this.wanted.delete(id))
      this.wanted.set(id, pending)
    }
    return pending
  }

  /** Reads the system's files about a running container, without waiting for runtimes. */
  wantFiles(fullId: string): Promise<boolean> {
    return this.lookUpFiles(fullId, this.patience)
  }

  /**
   * Determines whether a cgroup whose path contains no id is a container's. Fulfilled with false if a source that may know it did not
   * respond in time; the look-up then continues in the background.
   */
  async wantPath(path: string): Promise<boolean> {
    const [namespace, id] = pathParts(path)
    // a shim has shown that it is a container; runtimes may know more about it
    const kind = this.folders.takePlain(path)
    const plain = kind === undefined ? undefined : folderKind(kind).plain?.(namespace, id)
    if (plain !== undefined) this.containers.update({ ...plain, cgroup: path }, RANK.runtime)
    const until = Date.now() + this.patience
    for (let pause = AGAIN; ; pause *= 1.5) {
      const known = await this.paths.isContainer(path, Math.min(ANSWER_TIME, until - Date.now()))
      if (known !== undefined) return true
      const hopeless = this.runtimes.hopelessPlain
      if (this.closed || hopeless || Date.now() + pause >= until) break
      await this.nextUpdate(id, pause)
    }
    void this.later(async (ms) => (await this.paths.isContainer(path, ms)) !== undefined, id)
    return false
  }

  close(): void {
    this.closed = true
    this.runtimes.close()
    this.denials.close()
    for (const set of this.waiting.values()) for (const wake of set) wake()
  }

  /**
   * Queries every runtime that responds, and reads the files. A runtime may know a container only after its first
   * process runs, so the query is repeated for a while.
   */
  private async lookUp(fullId: string): Promise<boolean> {
    if (this.nameByMonitor(shortId(fullId)) && this.nameSuffices) {
      this.lookUpLater(fullId)
      return true
    }
    const until = Date.now() + this.patience
    for (let pause = AGAIN; ; pause *= 1.5) {
      if (await this.lookUpAll(fullId, Math.max(1, Math.min(ANSWER_TIME, until - Date.now())))) {
        if (this.containers.isByMonitor(shortId(fullId))) this.lookUpLater(fullId)
        return true
      }
      const hopeless = !this.reading.has(shortId(fullId)) && this.runtimes.hopeless
      if (this.closed || hopeless || Date.now() + pause >= until) break
      await this.nextUpdate(shortId(fullId), pause)
    }
    for (const trouble of this.files.takeTroubles()) this.report(trouble)
    this.lookUpLater(fullId)
    return false
  }

  /** Continues until a source better than the monitor responds. */
  private lookUpLater(fullId: string): void {
    const id = shortId(fullId)
    void this.later(async (ms) => (await this.lookUpAll(fullId, ms)) && !this.containers.isByMonitor(id), id)
  }

  /** Repeats an unsuccessful look-up at growing intervals. */
  private async later(lookUp: (ms: number) => Promise<boolean>, id: string): Promise<void> {
    if (this.late >= MOST_LATE) return
    this.late++
    const until = Date.now() + LATE
    for (let pause = LATE_AGAIN; !this.closed && Date.now() < until; pause = Math.min(1.5 * pause, LATE_SELDOM)) {
      await this.nextUpdate(id, pause)
      if (this.closed || (this.has(id) && !this.containers.isByMonitor(id)) || (await lookUp(LATE_ANSWER))) break
      // runtimes forget a container when it is removed
      if (this.containers.isByMonitor(id) && this.containers.hasEnded(id)) break
    }
    this.late--
  }

  /**
   * Whether any source gives a name. The name from root's monitor is used until others have responded, which can take long on busy CPUs.
   * Users' files and monitors are used only if no other source knows the container.
   */
  private async lookUpAll(fullId: string, ms: number): Promise<boolean> {
    const files = this.lookUpFiles(fullId, ms)
    const runtimes = this.runtimes.name(fullId, ms)
    const named = (answer: Promise<boolean>) => answer.then((found) => found || Promise.reject(new Error('no name')))
    const answer = Promise.any([named(runtimes), named(files)]).catch(() => false)
    const monitor = this.folders.monitored(shortId(fullId))
    if (await (monitor?.trusted ? within(FILES_GRACE, answer) : answer)) {
      if (!this.runtimes.suffices(RANK.runtime)) await within(FILES_GRACE, runtimes)
      return true
    }
    if (!this.has(fullId) && monitor?.trusted) this.containers.updateFromMonitor(monitor.info, RANK.runtime)
    if (this.has(fullId)) return true
    const theirs = await within(ms, this.files.findOfUsers(fullId))
    if (theirs !== undefined) this.containers.update(theirs, RANK.user)
    if (!this.has(fullId) && monitor !== undefined) this.containers.updateFromMonitor(monitor.info, RANK.user)
    return this.has(fullId)
  }

  /** Whether root's monitor started with the container: then its name is the container's present name. */
  private nameByMonitor(id: string): boolean {
    const monitor = this.folders.monitored(id)
    if (monitor === undefined || !monitor.trusted || !monitor.began) return false
    if (!this.has(id)) this.containers.updateFromMonitor(monitor.info, RANK.runtime)
    return true
  }

  /** Limits the time, because a file system may never respond. */
  private async lookUpFiles(fullId: string, ms: number): Promise<boolean> {
    return (await within(ms, this.readFiles(fullId))) ?? false
  }

  /**
   * Whether files contain the container. Calls during a read share its result. A result that is late is used too, since
   * the files may have been removed by then.
   */
  private readFiles(fullId: string): Promise<boolean> {
    const id = shortId(fullId)
    const read = this.reading.get(id) ?? this.readOnce(fullId).finally(() => this.reading.delete(id))
    this.reading.set(id, read)
    return read
  }

  private async readOnce(fullId: string): Promise<boolean> {
    const info = await this.files.find(fullId)
    if (info === undefined) return false
    this.containers.updateFromFiles(info)
    return true
  }

  /** Waits until more is known about the container, at most `ms`. */
  private nextUpdate(id: string, ms: number): Promise<void> {
    return new Promise((done) => {
      const set = this.waiting.get(id) ?? new Set()
      this.waiting.set(id, set)
      const end = () => {
        clearTimeout(timer)
        set.delete(end)
        if (set.size === 0) this.waiting.delete(id)
        done()
      }
      const timer = setTimeout(end, ms)
      set.add(end)
    })
  }

  /** Adds a daemon's folder; dir: its path on the host. */
  private folder(kind: string, dir: string): void {
    const known = this.places.folders[kind]
    const seen = this.places.host + dir
    if (known !== undefined && !known.includes(seen) && known.length < MOST_FOLDERS) known.push(seen)
  }

  private wake(id: string): void {
    const cgroup = this.known.get(id)?.cgroup ?? ''
    if (cgroup !== '') this.denials.doubt(cgroup)
    for (const wake of this.waiting.get(id) ?? []) wake()
  }
}
