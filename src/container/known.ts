// What is known about containers, by the short id: which source wins when several describe one, and what has changed since take().
import type { ContainerInfo } from '../model/container.js'
import { fitting } from '../model/container-json.js'
import { merge } from './runtime.js'
import { RANK } from './runtimes.js'

/** Limits of retained containers, and of ended ones among them; the oldest are dropped. */
const MOST = 2_048
const MOST_ENDED = 256
const LONGEST_ID = 256

export class Known {
  readonly all = new Map<string, ContainerInfo>()
  /** what has changed since take() */
  private fresh = new Map<string, ContainerInfo>()
  /** the rank of the source of each name */
  private readonly namedBy = new Map<string, number>()
  /** containers whose cgroup was removed, the oldest first */
  private readonly endedIds = new Set<string>()
  /** containers known only from their monitor */
  private readonly byMonitor = new Set<string>()

  /** changed: called when more is known about a container. */
  constructor(private readonly changed: (id: string) => void) {}

  /** Whether more than the id is known. */
  isNamed(id: string): boolean {
    const info = this.all.get(id)
    return info !== undefined && info.name !== ''
  }

  /** Whether the name is known only from the container's monitor. */
  isByMonitor(id: string): boolean {
    return this.byMonitor.has(id)
  }

  hasEnded(id: string): boolean {
    return this.endedIds.has(id)
  }

  /** Marks a container as ended; it is retained for a while. Returns one that ended long ago and may be forgotten. */
  ended(id: string): string | undefined {
    if (!this.all.has(id)) return undefined
    this.endedIds.add(id)
    const [oldest] = this.endedIds
    return this.endedIds.size > MOST_ENDED ? oldest : undefined
  }

  forget(id: string): void {
    this.all.delete(id)
    this.namedBy.delete(id)
    this.byMonitor.delete(id)
    this.endedIds.delete(id)
  }

  /** What has changed since the last call. */
  take(): readonly ContainerInfo[] {
    if (this.fresh.size === 0) return []
    const all = [...this.fresh.values()]
    this.fresh = new Map()
    return all
  }

  update(info: ContainerInfo, rank: number): void {
    const known = this.all.get(info.id)
    const before = this.namedBy.get(info.id) ?? RANK.user
    if (info.name !== '') {
      this.namedBy.set(info.id, Math.max(before, rank))
      this.byMonitor.delete(info.id)
    }
    this.store(info.id, known !== undefined && rank < before ? merge(info, known) : merge(known, info))
  }

  updateFromMonitor(info: ContainerInfo, rank: number): void {
    this.update(info, rank)
    this.byMonitor.add(info.id)
  }

  /** Adds data from files: runtimes provide more, but the monitor's data may be older. */
  updateFromFiles(info: ContainerInfo): void {
    const known = this.byMonitor.has(info.id) ? undefined : this.all.get(info.id)
    this.update(merge(info, known ?? info), RANK.runtime)
  }

  private store(id: string, info: ContainerInfo): void {
    if (info.fullId.length > LONGEST_ID) return
    const before = this.all.get(id)
    const now = fitting(info)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(now)) return
    if (before === undefined && this.all.size >= MOST) this.forgetOldest()
    this.endedIds.delete(id)
    this.all.set(info.id, now)
    this.fresh.set(info.id, now)
    this.changed(info.id)
  }

  private forgetOldest(): void {
    const [oldest] = this.all.keys()
    if (oldest !== undefined) this.forget(oldest)
  }
}
