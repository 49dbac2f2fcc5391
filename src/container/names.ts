// What is known of the containers of this machine: asks the runtimes and their files, and keeps what they told.
import { stat } from 'node:fs/promises'
import { type ContainerInfo, shortId } from '../model/container.js'
import { fitting } from '../model/container-json.js'
import { DiscoveredFolders } from './discovered-folders.js'
import { Files } from './files.js'
import type { Endpoint } from './http.js'
import { ANSWER_TIME, type Complain, Gate, merge, type Runtime, within } from './runtime.js'
import { type ClientHooks, folderKind, RANK, RUNTIMES, type RuntimeName, runtimeNamed } from './runtimes.js'
import type { Places } from './sockets.js'

/** ms after which a container goes without a name, unless another time is chosen. */
export const PATIENCE = 2_000
/** ms between two tries, at first */
const AGAIN = 60
/** ms that other runtimes have after one gave a name: a pod's container has its image from one and its pod from another */
const GRACE = 200
/** The same after files gave one: they tell less than runtimes do. */
export const FILES_GRACE = 500
/** ms for which a name is still looked for that did not come in time, and how long an answer may take then */
const LATE = 60_000
const LATE_ANSWER = 10_000
/** ms between two tries then, at first, and at most */
const LATE_AGAIN = 1_000
const LATE_SELDOM = 8_000
/** Names that are looked for late at once. */
const MOST_LATE = 4_096
const NOBODY = Symbol('nobody')
/** Containers kept, and those of them that have ended; the oldest are forgotten beyond it. */
const MOST = 2_048
const MOST_ENDED = 256
const LONGEST_ID = 256
/** Folders that daemons say they keep their files in. */
const MOST_FOLDERS = 8

export class Names {
  /** by the short id */
  readonly known = new Map<string, ContainerInfo>()
  /** what was told since it was last taken, by the short id */
  private fresh = new Map<string, ContainerInfo>()
  private readonly ranks: ReadonlyMap<Runtime, number>
  private readonly all: readonly Runtime[]
  /** one for each of them: hundreds of requests at once would keep it from answering any */
  private readonly gates: ReadonlyMap<Runtime, Gate>
  /** those that may have containers whose cgroups do not tell their ids */
  private readonly plain: readonly (Runtime & Required<Pick<Runtime, 'findPlain'>>)[]
  /** folders at other places; to be told of them */
  readonly folders: DiscoveredFolders
  /** by the short id: the rank of who named it */
  private readonly namedBy = new Map<string, number>()
  /** those whose cgroup has gone, by the short id, the oldest first */
  private readonly over = new Set<string>()
  /** those of which nothing but their monitor's word is known, by the short id */
  private readonly byMonitor = new Set<string>()
  private readonly wanted = new Map<string, Promise<boolean>>()
  private readonly waiting = new Map<string, Set<() => void>>()
  private readonly tell: Complain
  private readonly files: Files
  /** readings of files that have not ended, by the short id */
  private readonly reading = new Map<string, Promise<boolean>>()
  private late = 0
  private closed = false

  constructor(
    private readonly places: Places,
    complain: Complain,
    /** ms after which a container goes without a name */
    private readonly patience = PATIENCE,
  ) {
    const once = new Set<string>()
    const tell = (sentence: string) => {
      if (!this.closed && !once.has(sentence)) complain(sentence)
      once.add(sentence)
    }
    this.tell = tell
    this.folders = new DiscoveredFolders(places.host)
    this.files = new Files(places.folders, this.folders.all, places.host)
    this.ranks = clientsOf(places, { folder: (kind, dir) => this.folder(kind, dir), complain: tell })
    this.all = [...this.ranks.keys()]
    this.plain = this.all.filter((r) => r.findPlain !== undefined) as typeof this.plain
    this.gates = new Map(this.all.map((r) => [r, new Gate()]))
  }

  /** Connects; fulfilled when each runtime has listed what it has, or does not answer. */
  async start(): Promise<void> {
    for (const [r, rank] of this.ranks) r.start((info) => this.told(info, rank))
    for (const path of this.places.given)
      if ((await stat(path).catch(() => undefined)) === undefined)
        this.tell(`there is no ${path} to ask for the names of containers; it is asked when it comes`)
    await Promise.all(this.all.map((r) => r.ready))
  }

  /** Whether more than the id is known. */
  has(id: string): boolean {
    const info = this.known.get(shortId(id))
    return info !== undefined && info.name !== ''
  }

  /** A container has ended: it is kept for a while. Returns one that ended long ago and may be forgotten. */
  ended(id: string): string | undefined {
    if (!this.known.has(id)) return undefined
    this.over.add(id)
    const [oldest] = this.over
    return this.over.size > MOST_ENDED ? oldest : undefined
  }

  forget(id: string): void {
    this.known.delete(id)
    this.namedBy.delete(id)
    this.byMonitor.delete(id)
    this.over.delete(id)
  }

  /** What was told since the last call. */
  take(): readonly ContainerInfo[] {
    if (this.fresh.size === 0) return []
    const all = [...this.fresh.values()]
    this.fresh = new Map()
    return all
  }

  /** Finds out about a container; fulfilled with whether it has a name, when it has to go without one at the latest. */
  want(fullId: string): Promise<boolean> {
    const id = shortId(fullId)
    let asked = this.wanted.get(id)
    if (asked === undefined) {
      asked = this.ask(fullId).finally(() => this.wanted.delete(id))
      this.wanted.set(id, asked)
    }
    return asked
  }

  /** Reads what the system's files tell of a container that runs already; runtimes are not waited for. */
  wantFiles(fullId: string): Promise<boolean> {
    return this.askFiles(fullId, this.patience)
  }

  /**
   * Finds out whether a cgroup that tells no id is a container's, from who is at hand. Fulfilled with false when somebody who
   * may know it did not answer in time; it is found out later then.
   */
  async wantPath(path: string): Promise<boolean> {
    const [, namespace = '', id = ''] = path.split('/')
    // what watches over it says that it is one; there may be more to say of it
    const kind = this.folders.takePlain(path)
    const told = kind === undefined ? undefined : folderKind(kind).plain?.(namespace, id)
    if (told !== undefined) this.told({ ...told, cgroup: path }, RANK.runtime)
    const until = Date.now() + this.patience
    for (let pause = AGAIN; ; pause *= 1.5) {
      const known = await this.askPath(path, namespace, id, Math.min(ANSWER_TIME, until - Date.now()))
      if (known !== undefined) return true
      const hopeless = this.plain.every((r) => !r.answers && !r.connecting)
      if (this.closed || hopeless || Date.now() + pause >= until) break
      await this.nextUpdate(id, pause)
    }
    void this.later(async (ms) => (await this.askPath(path, namespace, id, ms)) !== undefined, id)
    return false
  }

  close(): void {
    this.closed = true
    for (const r of this.all) r.close()
    for (const set of this.waiting.values()) for (const wake of set) wake()
  }

  /**
   * Every runtime that answers is asked, and the files are read. A runtime may come to know a container only after its first
   * process runs, so it is asked again for a while.
   */
  private async ask(fullId: string): Promise<boolean> {
    const until = Date.now() + this.patience
    for (let pause = AGAIN; ; pause *= 1.5) {
      if (await this.askAll(fullId, Math.max(1, Math.min(ANSWER_TIME, until - Date.now())))) {
        if (this.byMonitor.has(shortId(fullId))) this.askLater(fullId)
        return true
      }
      const hopeless = !this.reading.has(shortId(fullId)) && this.all.every((r) => !r.answers && !r.connecting)
      if (this.closed || hopeless || Date.now() + pause >= until) break
      await this.nextUpdate(shortId(fullId), pause)
    }
    for (const trouble of this.files.takeTroubles()) this.tell(trouble)
    this.askLater(fullId)
    return false
  }

  /** Goes on until somebody tells more than a monitor does. */
  private askLater(fullId: string): void {
    const id = shortId(fullId)
    void this.later(async (ms) => (await this.askAll(fullId, ms)) && !this.byMonitor.has(id), id)
  }

  /** Goes on with what was asked in vain, more and more seldom. */
  private async later(ask: (ms: number) => Promise<boolean>, id: string): Promise<void> {
    if (this.late >= MOST_LATE) return
    this.late++
    const until = Date.now() + LATE
    for (let pause = LATE_AGAIN; !this.closed && Date.now() < until; pause = Math.min(1.5 * pause, LATE_SELDOM)) {
      await this.nextUpdate(id, pause)
      if (this.closed || (this.has(id) && !this.byMonitor.has(id)) || (await ask(LATE_ANSWER))) break
      // what runtimes keep of a container goes with it
      if (this.byMonitor.has(id) && this.over.has(id)) break
    }
    this.late--
  }

  /**
   * Whether anybody gives a name. The word of root's monitor counts when others take long, as they do where CPUs are busy; what users'
   * files and monitors say when nobody else knows the container.
   */
  private async askAll(fullId: string, ms: number): Promise<boolean> {
    const files = this.askFiles(fullId, ms)
    const runtimes = this.askRuntimes(fullId, ms)
    const sure = (answer: Promise<boolean>) => answer.then((yes) => yes || Promise.reject(new Error('no name')))
    const answer = Promise.any([sure(runtimes), sure(files)]).catch(() => false)
    const monitor = this.folders.monitored(shortId(fullId))
    if (await (monitor?.trusted ? within(FILES_GRACE, answer) : answer)) {
      await within(FILES_GRACE, runtimes)
      return true
    }
    if (this.has(fullId)) return true
    if (monitor?.trusted) return this.toldByMonitor(monitor.info, RANK.runtime)
    const theirs = await within(ms, this.files.ofUsers(fullId))
    if (theirs !== undefined) this.told(theirs, RANK.user)
    if (!this.has(fullId) && monitor !== undefined) return this.toldByMonitor(monitor.info, RANK.user)
    return this.has(fullId)
  }

  private toldByMonitor(info: ContainerInfo, rank: number): true {
    this.told(info, rank)
    this.byMonitor.add(info.id)
    return true
  }

  /** A file system may be one that never answers. */
  private async askFiles(fullId: string, ms: number): Promise<boolean> {
    return (await within(ms, this.readFiles(fullId))) ?? false
  }

  /**
   * Whether the files tell of it. Who asks again while a reading goes on has that one's answer; one that comes late counts too, since
   * the files may be gone by then.
   */
  private readFiles(fullId: string): Promise<boolean> {
    const id = shortId(fullId)
    const begun = this.reading.get(id) ?? this.readOnce(fullId, id).finally(() => this.reading.delete(id))
    this.reading.set(id, begun)
    return begun
  }

  private async readOnce(fullId: string, id: string): Promise<boolean> {
    const written = await this.files.of(fullId)
    if (written === undefined) return false
    // what the monitor tells may be older than what the files do
    const known = this.byMonitor.has(id) ? undefined : this.known.get(id)
    this.told(merge(written, known ?? written), RANK.runtime)
    return true
  }

  /** What is known of a cgroup: whether it is a container's; undefined: not everybody who may know it has answered. */
  private async askPath(path: string, namespace: string, id: string, ms: number): Promise<boolean | undefined> {
    let silent = false
    const asked = this.plain.map(async (r) => {
      const found = await within(
        ms,
        r.findPlain(namespace, id, ms).then((info) => ({ info })),
      )
      if (found === undefined) silent ||= r.there !== false
      return found?.info
    })
    const files = within(ms, this.files.ofPlain(namespace, id))
    const tell = (info: ContainerInfo | undefined): boolean => {
      if (info?.cgroup !== path) return false
      this.told(merge(info, this.known.get(info.id) ?? info), RANK.runtime)
      return true
    }
    const written = tell(await files)
    const answers = within(ms, Promise.all(asked))
    const told = (written ? await within(FILES_GRACE, answers) : await answers) ?? []
    return told.map(tell).includes(true) || written || (silent ? undefined : false)
  }

  /** Whether one of the runtimes gives a name. When one does, the others have little time left to add to it. */
  private async askRuntimes(fullId: string, ms: number): Promise<boolean> {
    const answers = this.all
      .filter((r) => r.answers)
      .map(async (r) => {
        const info = await within(ms, this.findBy(r, fullId, Date.now() + ms))
        if (info !== undefined) this.told(info, this.ranks.get(r) ?? RANK.user)
        if (info === undefined || info.name === '') throw new Error('no name')
      })
    const all = Promise.allSettled(answers)
    const first = await Promise.any(answers).catch(() => NOBODY)
    if (first === NOBODY) return false
    await within(GRACE, all)
    return true
  }

  /** A turn that comes too late is not used. */
  private async findBy(r: Runtime, fullId: string, until: number): Promise<ContainerInfo | undefined> {
    return this.gates.get(r)?.through(async () => (Date.now() < until ? r.find(fullId, until - Date.now()) : undefined))
  }

  /** Waits until somebody tells of the container, `ms` at most. */
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

  /** A daemon said where it keeps its files, as the host has it. */
  private folder(kind: string, dir: string): void {
    const known = this.places.folders[kind]
    const seen = this.places.host + dir
    if (known !== undefined && !known.includes(seen) && known.length < MOST_FOLDERS) known.push(seen)
  }

  private told(info: ContainerInfo, rank: number): void {
    const known = this.known.get(info.id)
    const before = this.namedBy.get(info.id) ?? RANK.user
    if (info.name !== '') {
      this.namedBy.set(info.id, Math.max(before, rank))
      this.byMonitor.delete(info.id)
    }
    this.keep(info.id, known !== undefined && rank < before ? merge(info, known) : merge(known, info))
  }

  private keep(id: string, info: ContainerInfo): void {
    if (info.fullId.length > LONGEST_ID) return
    const before = this.known.get(id)
    const now = fitting(info)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(now)) return
    if (before === undefined && this.known.size >= MOST) this.forgetOldest()
    this.over.delete(id)
    this.known.set(info.id, now)
    this.fresh.set(info.id, now)
    for (const wake of this.waiting.get(info.id) ?? []) wake()
  }

  private forgetOldest(): void {
    const [oldest] = this.known.keys()
    if (oldest !== undefined) this.forget(oldest)
  }
}

/** A client for each place where a runtime is asked, with the rank of its word. */
function clientsOf(places: Places, hooks: ClientHooks): Map<Runtime, number> {
  const clients = new Map<Runtime, number>()
  const open = (name: RuntimeName, at: Endpoint, rank?: number) => {
    const runtime = runtimeNamed(name)
    clients.set(runtime.open(at, hooks), rank ?? runtime.rank)
  }
  for (const { name } of RUNTIMES)
    for (const at of places[name] ?? []) open(name, typeof at === 'string' ? { socketPath: at } : at)
  for (const { runtime, ...at } of places.users) open(runtime, at, RANK.user)
  return clients
}
