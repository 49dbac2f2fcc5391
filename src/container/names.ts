// What is known of the containers of this machine: asks the runtimes and their files, and keeps what they told.
import { stat } from 'node:fs/promises'
import { type ContainerInfo, shortId } from '../model/container.js'
import { fitting } from '../model/container-json.js'
import { Containerd } from './containerd.js'
import { Cri } from './cri.js'
import { Docker } from './docker.js'
import { fromFiles, plainTask } from './files.js'
import type { Endpoint } from './http.js'
import { ANSWER_TIME, type Complain, Gate, merge, type Runtime, within } from './runtime.js'
import type { Places } from './sockets.js'

/** ms after which a container goes without a name. */
export const PATIENCE = 2_000
/** ms between two tries, at first */
const AGAIN = 60
/** ms that other runtimes have after one gave a name: a pod's container has its image from one and its pod from another */
const GRACE = 200
const NOBODY = Symbol('nobody')
/** Containers kept; the oldest are forgotten beyond it. */
const MOST = 16_384
const LONGEST_ID = 256
/** Whose word counts where two tell of one container: what a kubelet asks for its CRI runtime knows best; users none. */
const RANK = { user: 0, runtime: 1, cri: 2 } as const
/** Folders that daemons say they keep their files in. */
const MOST_FOLDERS = 8

export class Names {
  /** by the short id */
  readonly known = new Map<string, ContainerInfo>()
  /** what was told since it was last taken, by the short id */
  private fresh = new Map<string, ContainerInfo>()
  private readonly ranks: ReadonlyMap<Runtime, number>
  private readonly all: readonly Runtime[]
  /** one for each of them: hundreds of questions at once would keep it from answering any */
  private readonly gates: ReadonlyMap<Runtime, Gate>
  /** those that may have containers whose cgroups do not tell their ids */
  private readonly plain: readonly Containerd[]
  /** by the short id: the rank of who named it */
  private readonly namedBy = new Map<string, number>()
  private readonly wanted = new Map<string, Promise<boolean>>()
  private readonly waiting = new Map<string, Set<() => void>>()
  private readonly tell: Complain
  private closed = false

  constructor(
    private readonly places: Places,
    complain: Complain,
  ) {
    const once = new Set<string>()
    const tell = (sentence: string) => {
      if (!this.closed && !once.has(sentence)) complain(sentence)
      once.add(sentence)
    }
    this.tell = tell
    this.plain = places.containerd.map((path) => new Containerd(path, tell))
    const dockers = (at: readonly Endpoint[]) =>
      at.map((endpoint) => new Docker(endpoint, (kind, dir) => this.folder(kind, dir), tell))
    this.ranks = new Map<Runtime, number>([
      ...[...dockers(places.docker), ...this.plain].map((r) => [r, RANK.runtime] as const),
      ...places.cri.map((path) => [new Cri(path, tell), RANK.cri] as const),
      ...dockers(places.users).map((r) => [r, RANK.user] as const),
    ])
    this.all = [...this.ranks.keys()]
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

  /** What was told since the last call. */
  take(): readonly ContainerInfo[] {
    if (this.fresh.size === 0) return []
    const all = [...this.fresh.values()]
    this.fresh = new Map()
    return all
  }

  /** Finds out about a container; fulfilled with whether it has a name, after two seconds at the latest. */
  want(fullId: string): Promise<boolean> {
    const id = shortId(fullId)
    let asked = this.wanted.get(id)
    if (asked === undefined) {
      asked = this.ask(fullId).finally(() => this.wanted.delete(id))
      this.wanted.set(id, asked)
    }
    return asked
  }

  /** Finds out whether a cgroup that tells no id is a container's, from who is at hand. */
  async wantPath(path: string): Promise<void> {
    const [, namespace = '', id = ''] = path.split('/')
    const asked = [
      ...this.plain.map((r) => r.get(namespace, id)),
      ...this.places.folders.containerd.map((root) => plainTask(root, namespace, id)),
    ]
    for (const info of await Promise.all(asked.map((a) => within(ANSWER_TIME, a))))
      if (info?.cgroup === path) this.told(merge(info, this.known.get(info.id) ?? info), RANK.runtime)
  }

  close(): void {
    this.closed = true
    for (const r of this.all) r.close()
    for (const set of this.waiting.values()) for (const wake of set) wake()
  }

  /**
   * Every runtime that answers is asked; their files count when those know nothing. A runtime may come to know a container
   * only after its first process runs, so it is asked again for a while.
   */
  private async ask(fullId: string): Promise<boolean> {
    const until = Date.now() + PATIENCE
    const files = fromFiles(fullId, this.places.folders)
    for (let pause = AGAIN; ; pause *= 1.5) {
      if (await this.askRuntimes(fullId, Math.max(1, Math.min(ANSWER_TIME, until - Date.now())))) return true
      const written = (await files) ?? (await fromFiles(fullId, this.places.folders))
      if (written !== undefined) this.told(merge(written, this.known.get(shortId(fullId)) ?? written), RANK.runtime)
      if (this.has(fullId)) return true
      if (this.closed || this.all.every((r) => !r.answers) || Date.now() + pause >= until) return false
      await this.news(shortId(fullId), pause)
    }
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
    return this.gates.get(r)?.through(async () => (Date.now() < until ? r.find(fullId) : undefined))
  }

  /** Waits until somebody tells of the container, `ms` at most. */
  private news(id: string, ms: number): Promise<void> {
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
    const { docker, storage } = this.places.folders
    const known = kind === 'podman' ? storage : docker
    const seen = this.places.host + dir
    if (!known.includes(seen) && known.length < MOST_FOLDERS) known.push(seen)
  }

  private told(info: ContainerInfo, rank: number): void {
    const known = this.known.get(info.id)
    const before = this.namedBy.get(info.id) ?? RANK.user
    if (info.name !== '') this.namedBy.set(info.id, Math.max(before, rank))
    this.keep(info.id, known !== undefined && rank < before ? merge(info, known) : merge(known, info))
  }

  private keep(id: string, info: ContainerInfo): void {
    if (info.fullId.length > LONGEST_ID) return
    const before = this.known.get(id)
    const now = fitting(info)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(now)) return
    if (before === undefined && this.known.size >= MOST) this.forget()
    this.known.set(info.id, now)
    this.fresh.set(info.id, now)
    for (const wake of this.waiting.get(info.id) ?? []) wake()
  }

  private forget(): void {
    const [oldest] = this.known.keys()
    if (oldest === undefined) return
    this.known.delete(oldest)
    this.namedBy.delete(oldest)
  }
}
