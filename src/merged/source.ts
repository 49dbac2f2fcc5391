// A capture of several hosts, with a source for each. The loop (../run/loop.ts) reads the members' rows in the order of
// their times.

import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { earlierOf, laterOf } from '../model/time.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage, Overview } from '../source/source.js'
import { addStats } from '../source/stats.js'
import { MERGED_VERSION } from '../trace/format.js'

export class MergedSource implements CaptureSource {
  readonly info: CaptureInfo
  /** version of the trace format of merged traces */
  readonly version = String(MERGED_VERSION)

  /** openDamage: damage found while the members were opened. */
  constructor(
    readonly members: readonly CaptureSource[],
    private readonly openDamage: readonly Damage[] = [],
  ) {
    this.info = infoOf(members)
  }

  withMembers(change: (member: CaptureSource) => CaptureSource): CaptureSource {
    return new MergedSource(this.members.map(change), this.openDamage)
  }

  get lateNames(): readonly string[] {
    return []
  }

  get damage(): Damage[] {
    return [...this.openDamage, ...this.members.flatMap((m) => m.damage)]
  }

  get unknown(): { readonly events: number; readonly blocks: number } {
    const all = this.members.flatMap((m) => m.unknown ?? [])
    return { events: sum(all.map((u) => u.events)), blocks: sum(all.map((u) => u.blocks)) }
  }

  get prunedTypes(): Uint8Array {
    const all = this.members.flatMap((m) => m.prunedTypes ?? [])
    const types = new Uint8Array(all[0]?.length ?? 0)
    for (const some of all) for (let i = 0; i < types.length; i++) types[i]! |= some[i] ?? 0
    return types
  }

  /** Set if no host has a pod in that namespace. */
  get unmetNamespace(): string | undefined {
    const all = this.members.map((m) => m.unmetNamespace)
    return all.includes(undefined) ? undefined : all[0]
  }

  /** The threads of all hosts, to be counted. Their names are only in the members' snapshots. */
  async snapshot(): Promise<Snapshot> {
    const all = await Promise.all(this.members.map((m) => m.snapshot()))
    return { threads: all.flatMap((s) => [...s.threads]), users: [], groups: [] }
  }

  async next(): Promise<EventBatch | undefined> {
    throw new Error('read the rows of a capture of several hosts from its members')
  }

  stats(): CaptureStats {
    return this.members.map((m) => m.stats()).reduce(addStats)
  }

  async overview(tick: () => void): Promise<Overview | undefined> {
    if (this.openDamage.length > 0) return undefined
    const all: Overview[] = []
    for (const m of this.members) {
      const one = await m.overview?.(tick)
      if (one === undefined) return undefined
      all.push(one)
    }
    const categories = new Map<string, number>()
    for (const o of all)
      for (const [name, n] of Object.entries(o.categories)) categories.set(name, (categories.get(name) ?? 0) + n)
    const [firsts, lasts] = [all.flatMap((o) => o.first ?? []), all.flatMap((o) => o.last ?? [])]
    return {
      events: sum(all.map((o) => o.events)),
      processes: sum(all.map((o) => o.processes)),
      categories: Object.fromEntries([...categories].sort((a, b) => b[1] - a[1])),
      ...(firsts.length > 0 && { first: firsts.reduce(earlierOf), last: lasts.reduce(laterOf) }),
    }
  }

  progress(): number | undefined {
    const all = this.members.map((m) => m.progress())
    return all.includes(undefined) ? undefined : sum(all as number[]) / all.length
  }

  stop(): void {
    for (const m of this.members) m.stop()
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((m) => m.close()))
  }
}

/** The description of all hosts. Fields that differ between hosts are left empty. */
function infoOf(members: readonly CaptureSource[]): CaptureInfo {
  const infos = members.map((m) => m.info)
  const common = (get: (i: CaptureInfo) => string) => {
    const values = [...new Set(infos.map(get))]
    return values.length === 1 ? (values[0] as string) : ''
  }
  const [first] = infos as [CaptureInfo, ...CaptureInfo[]]
  const spared = [...new Set(infos.flatMap((i) => i.spared ?? []))]
  return {
    ...first,
    hostname: infos.map((i) => i.hostname).join(', '),
    kernel: common((i) => i.kernel),
    cpus: sum(infos.map((i) => i.cpus)),
    addresses: [],
    ...(spared.length > 0 && { spared }),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
