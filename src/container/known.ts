// What is known of containers, by the short id: whose word counts where several tell of one, and what is new since it was last taken.
import type { ContainerInfo } from '../model/container.js'
import { fitting } from '../model/container-json.js'
import { merge } from './runtime.js'
import { RANK } from './runtimes.js'

/** Containers kept, and those of them that have ended; the oldest are forgotten beyond it. */
const MOST = 2_048
const MOST_ENDED = 256
const LONGEST_ID = 256

export class Known {
  readonly all = new Map<string, ContainerInfo>()
  /** what was told since it was last taken */
  private fresh = new Map<string, ContainerInfo>()
  /** the rank of who named it */
  private readonly namedBy = new Map<string, number>()
  /** those whose cgroup has gone, the oldest first */
  private readonly over = new Set<string>()
  /** those of which nothing but their monitor's word is known */
  private readonly byMonitor = new Set<string>()

  /** changed: called when more is known of a container. */
  constructor(private readonly changed: (id: string) => void) {}

  /** Whether more than the id is known. */
  isNamed(id: string): boolean {
    const info = this.all.get(id)
    return info !== undefined && info.name !== ''
  }

  /** Whether its name is known, and nothing but its monitor has told it. */
  isByMonitor(id: string): boolean {
    return this.byMonitor.has(id)
  }

  isOver(id: string): boolean {
    return this.over.has(id)
  }

  /** A container has ended: it is kept for a while. Returns one that ended long ago and may be forgotten. */
  ended(id: string): string | undefined {
    if (!this.all.has(id)) return undefined
    this.over.add(id)
    const [oldest] = this.over
    return this.over.size > MOST_ENDED ? oldest : undefined
  }

  forget(id: string): void {
    this.all.delete(id)
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

  told(info: ContainerInfo, rank: number): void {
    const known = this.all.get(info.id)
    const before = this.namedBy.get(info.id) ?? RANK.user
    if (info.name !== '') {
      this.namedBy.set(info.id, Math.max(before, rank))
      this.byMonitor.delete(info.id)
    }
    this.keep(info.id, known !== undefined && rank < before ? merge(info, known) : merge(known, info))
  }

  toldByMonitor(info: ContainerInfo, rank: number): void {
    this.told(info, rank)
    this.byMonitor.add(info.id)
  }

  /** Files tell of it: less than runtimes do, but what the monitor told may be older. */
  toldByFiles(info: ContainerInfo): void {
    const known = this.byMonitor.has(info.id) ? undefined : this.all.get(info.id)
    this.told(merge(info, known ?? info), RANK.runtime)
  }

  private keep(id: string, info: ContainerInfo): void {
    if (info.fullId.length > LONGEST_ID) return
    const before = this.all.get(id)
    const now = fitting(info)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(now)) return
    if (before === undefined && this.all.size >= MOST) this.forgetOldest()
    this.over.delete(id)
    this.all.set(info.id, now)
    this.fresh.set(info.id, now)
    this.changed(info.id)
  }

  private forgetOldest(): void {
    const [oldest] = this.all.keys()
    if (oldest !== undefined) this.forget(oldest)
  }
}
