// What is known of the containers of this machine: asks the runtimes and their files, and keeps what they told.
import { stat } from 'node:fs/promises'
import { type ContainerInfo, shortId } from '../model/container.js'
import { AskedRuntimes } from './asked.js'
import { DiscoveredFolders } from './discovered-folders.js'
import { Files } from './files.js'
import { Known } from './known.js'
import { ANSWER_TIME, type Complain, merge, within } from './runtime.js'
import { folderKind, RANK } from './runtimes.js'
import type { Places } from './sockets.js'

/** ms after which a container goes without a name, unless another time is chosen. */
export const PATIENCE = 2_000
/** ms between two tries, at first */
const AGAIN = 60
/** ms that runtimes have after files gave a name: these tell less than runtimes do */
export const FILES_GRACE = 500
/** ms for which a name is still looked for that did not come in time, and how long an answer may take then */
const LATE = 60_000
const LATE_ANSWER = 10_000
/** ms between two tries then, at first, and at most */
const LATE_AGAIN = 1_000
const LATE_SELDOM = 8_000
/** Names that are looked for late at once. */
const MOST_LATE = 4_096
/** Folders that daemons say they keep their files in. */
const MOST_FOLDERS = 8

export interface NamesOptions {
  /** ms after which a container goes without a name; undefined: two seconds */
  readonly patience?: number
  /** id, name and type are all that is wanted of containers: once a name cannot become another, nobody is waited for */
  readonly nameSuffices?: boolean
}

export class Names {
  private readonly kept = new Known((id) => this.wake(id))
  private readonly runtimes: AskedRuntimes
  /** folders at other places; to be told of them */
  readonly folders: DiscoveredFolders
  private readonly wanted = new Map<string, Promise<boolean>>()
  private readonly waiting = new Map<string, Set<() => void>>()
  private readonly tell: Complain
  private readonly files: Files
  private readonly patience: number
  private readonly nameSuffices: boolean
  /** readings of files that have not ended, by the short id */
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
    const tell = (sentence: string) => {
      if (!this.closed && !once.has(sentence)) complain(sentence)
      once.add(sentence)
    }
    this.tell = tell
    this.folders = new DiscoveredFolders(places.host)
    this.files = new Files(places.folders, this.folders.all, places.host)
    const hooks = { folder: (kind: string, dir: string) => this.folder(kind, dir), complain: tell }
    this.runtimes = new AskedRuntimes(places, hooks, (info, rank) => this.kept.told(info, rank), nameSuffices)
  }

  /** Connects; fulfilled when each runtime has listed what it has, or does not answer. */
  async start(): Promise<void> {
    const listed = this.runtimes.start()
    for (const path of this.places.given)
      if ((await stat(path).catch(() => undefined)) === undefined)
        this.tell(`there is no ${path} to ask for the names of containers; it is asked when it comes`)
    await listed
  }

  /** by the short id */
  get known(): ReadonlyMap<string, ContainerInfo> {
    return this.kept.all
  }

  /** Whether more than the id is known. */
  has(id: string): boolean {
    return this.kept.isNamed(shortId(id))
  }

  /** A container has ended: it is kept for a while. Returns one that ended long ago and may be forgotten. */
  ended(id: string): string | undefined {
    return this.kept.ended(id)
  }

  forget(id: string): void {
    this.kept.forget(id)
  }

  /** What was told since the last call. */
  take(): readonly ContainerInfo[] {
    return this.kept.take()
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
    if (told !== undefined) this.kept.told({ ...told, cgroup: path }, RANK.runtime)
    const until = Date.now() + this.patience
    for (let pause = AGAIN; ; pause *= 1.5) {
      const known = await this.askPath(path, namespace, id, Math.min(ANSWER_TIME, until - Date.now()))
      if (known !== undefined) return true
      const hopeless = this.runtimes.hopelessPlain
      if (this.closed || hopeless || Date.now() + pause >= until) break
      await this.nextUpdate(id, pause)
    }
    void this.later(async (ms) => (await this.askPath(path, namespace, id, ms)) !== undefined, id)
    return false
  }

  close(): void {
    this.closed = true
    this.runtimes.close()
    for (const set of this.waiting.values()) for (const wake of set) wake()
  }

  /**
   * Every runtime that answers is asked, and the files are read. A runtime may come to know a container only after its first
   * process runs, so it is asked again for a while.
   */
  private async ask(fullId: string): Promise<boolean> {
    if (this.nameByMonitor(shortId(fullId)) && this.nameSuffices) {
      this.askLater(fullId)
      return true
    }
    const until = Date.now() + this.patience
    for (let pause = AGAIN; ; pause *= 1.5) {
      if (await this.askAll(fullId, Math.max(1, Math.min(ANSWER_TIME, until - Date.now())))) {
        if (this.kept.isByMonitor(shortId(fullId))) this.askLater(fullId)
        return true
      }
      const hopeless = !this.reading.has(shortId(fullId)) && this.runtimes.hopeless
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
    void this.later(async (ms) => (await this.askAll(fullId, ms)) && !this.kept.isByMonitor(id), id)
  }

  /** Goes on with what was asked in vain, more and more seldom. */
  private async later(ask: (ms: number) => Promise<boolean>, id: string): Promise<void> {
    if (this.late >= MOST_LATE) return
    this.late++
    const until = Date.now() + LATE
    for (let pause = LATE_AGAIN; !this.closed && Date.now() < until; pause = Math.min(1.5 * pause, LATE_SELDOM)) {
      await this.nextUpdate(id, pause)
      if (this.closed || (this.has(id) && !this.kept.isByMonitor(id)) || (await ask(LATE_ANSWER))) break
      // what runtimes keep of a container goes with it
      if (this.kept.isByMonitor(id) && this.kept.isOver(id)) break
    }
    this.late--
  }

  /**
   * Whether anybody gives a name. The word of root's monitor counts until others have answered, who take long where CPUs are busy; what
   * users' files and monitors say when nobody else knows the container.
   */
  private async askAll(fullId: string, ms: number): Promise<boolean> {
    const files = this.askFiles(fullId, ms)
    const runtimes = this.runtimes.name(fullId, ms)
    const sure = (answer: Promise<boolean>) => answer.then((yes) => yes || Promise.reject(new Error('no name')))
    const answer = Promise.any([sure(runtimes), sure(files)]).catch(() => false)
    const monitor = this.folders.monitored(shortId(fullId))
    if (await (monitor?.trusted ? within(FILES_GRACE, answer) : answer)) {
      if (!this.runtimes.suffices(RANK.runtime)) await within(FILES_GRACE, runtimes)
      return true
    }
    if (!this.has(fullId) && monitor?.trusted) this.kept.toldByMonitor(monitor.info, RANK.runtime)
    if (this.has(fullId)) return true
    const theirs = await within(ms, this.files.ofUsers(fullId))
    if (theirs !== undefined) this.kept.told(theirs, RANK.user)
    if (!this.has(fullId) && monitor !== undefined) this.kept.toldByMonitor(monitor.info, RANK.user)
    return this.has(fullId)
  }

  /** Whether root's monitor began with the container: the name that it tells is the one that the container has now. */
  private nameByMonitor(id: string): boolean {
    const monitor = this.folders.monitored(id)
    if (monitor === undefined || !monitor.trusted || !monitor.began) return false
    if (!this.has(id)) this.kept.toldByMonitor(monitor.info, RANK.runtime)
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
    const begun = this.reading.get(id) ?? this.readOnce(fullId).finally(() => this.reading.delete(id))
    this.reading.set(id, begun)
    return begun
  }

  private async readOnce(fullId: string): Promise<boolean> {
    const written = await this.files.of(fullId)
    if (written === undefined) return false
    this.kept.toldByFiles(written)
    return true
  }

  /** What is known of a cgroup: whether it is a container's; undefined: not everybody who may know it has answered. */
  private async askPath(path: string, namespace: string, id: string, ms: number): Promise<boolean | undefined> {
    let silent = false
    const asked = this.runtimes.plain.map(async (r) => {
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
      this.kept.told(merge(info, this.known.get(info.id) ?? info), RANK.runtime)
      return true
    }
    const written = tell(await files)
    const answers = within(ms, Promise.all(asked))
    const told = (written ? await within(FILES_GRACE, answers) : await answers) ?? []
    return told.map(tell).includes(true) || written || (silent ? undefined : false)
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

  private wake(id: string): void {
    for (const wake of this.waiting.get(id) ?? []) wake()
  }
}
