// Counts calls in their series. The series of a process are cached until it runs another program or its container gets a name.
import { bytesMoved, readsData, writesData } from '../fields/io.js'
import { failed } from '../fields/result.js'
import { NO_LATENCY } from '../model/batch.js'
import type { Container, ContainerInfo } from '../model/container.js'
import { type Event, SIDE } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { escapeText } from '../render/escape.js'
import { isSyscall } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'
import type { Dimension, Label } from './labels.js'
import { latencyBucket } from './latency-buckets.js'
import { DIRECTIONS, type Direction, type Series, type SeriesTable } from './series.js'

/** The series of one program in one container, by the code of the call. */
interface ProgramSeries {
  readonly program: string
  readonly container: Container | undefined
  readonly info: ContainerInfo | undefined
  readonly generation: number
  readonly byCode: (Series | undefined)[]
}

/** Cache key for events without a thread. */
const NO_THREAD = {}

export class CallTally {
  private readonly known = new WeakMap<object, ProgramSeries>()
  private readonly labels

  constructor(
    private readonly table: SeriesTable,
    dimensions: readonly Dimension[],
  ) {
    this.labels = dimensions.flatMap((d) => d.labels)
  }

  /** Counts the event under the cursor if it is a finished call. now: ms of the table's clock. */
  add(e: Event, now: number): void {
    // exit events have odd codes; calls that never return have only an enter event
    if (((e.type & 1) === 0 && !e.def.noReturn) || !isSyscall(e.type)) return
    const series = this.seriesOf(e.thread?.leader, e.type, e.def)
    series.calls++
    series.usedAt = now
    if (failed(e)) series.errors++
    const bytes = bytesMoved(e)
    if (bytes !== undefined) {
      // both sides count if the descriptors were not looked up
      countBytes(series, e.def, e.sides || SIDE.BOTH, bytes)
    }
    const latency = e.batch.latency[e.row] as number
    if (latency === NO_LATENCY) return
    series.latency += latency
    series.buckets[latencyBucket(latency)]!++
  }

  private seriesOf(leader: Thread | undefined, code: number, def: EventDef): Series {
    const { name } = def
    const cached = this.programSeries(leader)
    let series = cached.byCode[code]
    if (series === undefined) {
      const { program, container } = cached
      const values = this.labels.map((label) => escapeText(label.value({ program, container, call: name })))
      series = this.table.series(values, mostDirections(this.labels, def))
      // not cached: `other`, as there may be capacity later; and after series were folded, which must not be counted in any more
      if (this.table.isOther(series) || cached.generation !== this.table.generation) return series
      cached.byCode[code] = series
    }
    return series
  }

  private programSeries(leader: Thread | undefined): ProgramSeries {
    const cached = this.known.get(leader ?? NO_THREAD)
    const program = leader?.comm ?? ''
    const container = leader?.container
    const info = container?.info
    const { generation } = this.table
    if (
      cached !== undefined &&
      cached.program === program &&
      cached.container === container &&
      cached.info === info &&
      cached.generation === generation
    )
      return cached
    const now: ProgramSeries = { program, container, info, generation, byCode: [] }
    this.known.set(leader ?? NO_THREAD, now)
    return now
  }
}

/** Counts the bytes that a call transferred; sides: which sides of a call on two descriptors count. */
export function countBytes(series: Series, def: EventDef, sides: number, bytes: number): void {
  const { transfer } = def
  for (const direction of directionsOf(def))
    if (transfer === undefined || (sides & SIDES[direction]) !== 0) series.move(direction, bytes)
}

/** Number of directions in which calls with these labels may transfer bytes; def: one of these calls. */
export function mostDirections(labels: readonly Label[], def: EventDef): number {
  return labels.some((label) => label.name === 'call') ? directionsOf(def).length : DIRECTIONS.length
}

const SIDES: Readonly<Record<Direction, number>> = { read: SIDE.READ, write: SIDE.WRITE }
const NONE: readonly Direction[] = []
const READ: readonly Direction[] = ['read']
const WRITE: readonly Direction[] = ['write']

function directionsOf(def: EventDef): readonly Direction[] {
  if (def.transfer !== undefined) return DIRECTIONS
  return readsData(def) ? READ : writesData(def) ? WRITE : NONE
}
