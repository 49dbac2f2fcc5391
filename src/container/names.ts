// What is known of the containers of this machine: asks the runtimes and their files, and keeps what they told.
import { type ContainerInfo, shortId } from '../model/container.js'
import { Containerd } from './containerd.js'
import { Cri } from './cri.js'
import { Docker } from './docker.js'
import { fromFiles } from './files.js'
import { ANSWER_TIME, type Complain, merge, type Runtime, within } from './runtime.js'
import type { Places } from './sockets.js'

/** ms after which a container goes without a name, between two tries, and until the first lists must be there. */
const PATIENCE = 2_000
const AGAIN = 60
const FIRST_LISTS = 2_500
/** Containers kept; the oldest are forgotten beyond it. */
const MOST = 16_384

export class Names {
  /** by the short id */
  readonly known = new Map<string, ContainerInfo>()
  /** what was told since it was last taken, by the short id */
  private fresh = new Map<string, ContainerInfo>()
  private readonly runtimes: readonly Runtime[]
  private readonly wanted = new Map<string, Promise<boolean>>()
  private readonly waiting = new Map<string, Set<() => void>>()
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
    this.runtimes = [
      ...places.docker.map((at) => new Docker(at, (kind, dir) => this.folder(kind, dir), tell)),
      ...places.containerd.map((path) => new Containerd(path, tell)),
      ...places.cri.map((path) => new Cri(path, tell)),
    ]
  }

  /** Connects; fulfilled when the first lists are there, or it has taken too long. */
  async start(): Promise<void> {
    for (const r of this.runtimes) r.start((info) => this.told(info))
    await within(FIRST_LISTS, Promise.all(this.runtimes.map((r) => r.ready)))
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

  close(): void {
    this.closed = true
    for (const r of this.runtimes) r.close()
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
      const answering = this.runtimes.filter((r) => r.answers)
      const left = Math.max(1, Math.min(ANSWER_TIME, until - Date.now()))
      const answers = await Promise.all(answering.map((r) => within(left, r.find(fullId))))
      const found = answers.filter((info) => info !== undefined)
      for (const info of found) this.told(info)
      if (found.length > 0 && this.has(fullId)) return true
      const written = (await files) ?? (await fromFiles(fullId, this.places.folders))
      if (written !== undefined) this.told(merge(written, this.known.get(shortId(fullId)) ?? written))
      if (this.has(fullId)) return true
      if (this.closed || this.runtimes.every((r) => !r.answers) || Date.now() + pause >= until) return false
      await this.news(shortId(fullId), pause)
    }
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

  /** A daemon said where it keeps its files. */
  private folder(kind: string, dir: string): void {
    const { docker, storage } = this.places.folders
    const known = kind === 'podman' ? storage : docker
    if (!known.includes(dir)) known.push(dir)
  }

  private told(info: ContainerInfo): void {
    const before = this.known.get(info.id)
    const now = merge(before, info)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(now)) return
    if (before === undefined && this.known.size >= MOST)
      for (const id of this.known.keys()) if (this.known.delete(id)) break
    this.known.set(info.id, now)
    this.fresh.set(info.id, now)
    for (const wake of this.waiting.get(info.id) ?? []) wake()
  }
}
