// Adds calls that the kernel has counted by program and cgroup (ks_counted) to series. Containers are found by cgroup paths.
import { returnsBytes } from '../fields/io.js'
import type { Container } from '../model/container.js'
import { type Event, SIDE } from '../model/event.js'
import { escapeText } from '../render/escape.js'
import { CODE } from '../schema/codes.js'
import { EVENTS } from '../schema/events/index.js'
import { countBytes, mostDirections } from './call-tally.js'
import type { Dimension } from './labels.js'
import { LATENCY_BUCKETS } from './latency-buckets.js'
import type { SeriesTable } from './series.js'

/** Access to cgroups and their containers. */
interface Places {
  /** Paths of existing cgroups, by key (everyCgroup()). */
  readonly tree: () => ReadonlyMap<number, string>
  /** The container of a cgroup path; undefined on the host. */
  readonly containerOf: (path: string) => Container | undefined
}

/** ms between two searches for unknown cgroups, and ms for which a removed cgroup is retained */
const AGAIN = 1000
const REMEMBERED = 10_000

const parameters = (code: number, ...names: string[]): number[] =>
  names.map((name) => EVENTS[code]?.params.findIndex((p) => p.name === name) ?? -1)
const [CALL, CGROUP, CALLS, ERRORS, RESULTS, TIME, LATENCIES, COMM] = parameters(
  CODE.ks_counted,
  ...['call', 'cgroup', 'calls', 'errors', 'results', 'time', 'latencies', 'comm'],
) as [number, number, number, number, number, number, number, number]
const [ID, GONE, PATH] = parameters(CODE.ks_cgroup, 'id', 'gone', 'path') as [number, number, number]

export class CountedCalls {
  private readonly labels
  private paths: Map<number, string>
  private readonly containers = new Map<number, Container | undefined>()
  private readonly removed = new Map<number, number>()
  private lookedAt: number

  /**
   * passing: by event code, the sides (SIDE) of calls that count, 0 for calls that do not count; undefined: all count. now: ms of
   * the table's clock.
   */
  constructor(
    private readonly table: SeriesTable,
    dimensions: readonly Dimension[],
    private readonly places: Places,
    private readonly passing: Uint8Array | undefined,
    now: number,
  ) {
    this.labels = dimensions.flatMap((d) => d.labels)
    this.paths = new Map(places.tree())
    this.lookedAt = now
  }

  /** Handles the internal event under the cursor. */
  take(e: Event, now: number): void {
    if (e.type === CODE.ks_counted) this.add(e, now)
    else if (e.type === CODE.ks_cgroup) this.changed(e, now)
  }

  private add(e: Event, now: number): void {
    const code = e.number(CALL) ?? 0
    const def = EVENTS[code]
    const sides = this.passing?.[code] ?? SIDE.BOTH
    if (def === undefined || sides === 0) return
    const container = this.containerOf(e.number(CGROUP) ?? 0, now)
    const caller = { program: e.text(COMM) ?? '', container, call: def.name }
    const values = this.labels.map((label) => escapeText(label.value(caller)))
    const series = this.table.series(values, mostDirections(this.labels, def))
    series.usedAt = now
    series.calls += e.number(CALLS) ?? 0
    series.errors += e.number(ERRORS) ?? 0
    series.latency += e.number(TIME) ?? 0
    if (returnsBytes(def)) countBytes(series, def, sides, e.number(RESULTS) ?? 0)
    const at = e.varAt(LATENCIES)
    const { view } = e.batch
    for (let i = 0; at >= 0 && i < LATENCY_BUCKETS; i++) series.buckets[i]! += view.getUint32(at + 4 * i, true)
  }

  private changed(e: Event, now: number): void {
    const id = e.number(ID) ?? 0
    if (e.number(GONE) === 1) this.removed.set(id, now)
    else {
      this.containers.delete(id)
      this.paths.set(id, e.text(PATH) ?? '')
    }
    // counts from before the removal may arrive after it
    for (const [old, since] of this.removed) {
      if (now - since < REMEMBERED) break
      this.removed.delete(old)
      this.paths.delete(old)
      this.containers.delete(old)
    }
  }

  private containerOf(cgroup: number, now: number): Container | undefined {
    const known = this.containers.get(cgroup)
    if (known !== undefined) return known
    let path = this.paths.get(cgroup)
    if (path === undefined && now - this.lookedAt >= AGAIN) {
      this.lookedAt = now
      this.paths = new Map(this.places.tree())
      path = this.paths.get(cgroup)
    }
    const container = path === undefined ? undefined : this.places.containerOf(path)
    if (container !== undefined) this.containers.set(cgroup, container)
    return container
  }
}
