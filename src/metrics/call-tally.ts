// Counts calls in their series. Which series a process's calls are in is remembered until it runs another program or its container
// gets a name.
import { bytesMoved, readsData, writesData } from '../fields/io.js'
import { failed } from '../fields/result.js'
import { escapeText } from '../format/text/escape.js'
import { NO_LATENCY } from '../model/batch.js'
import type { Container, ContainerInfo } from '../model/container.js'
import { type Event, SIDE } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { isSyscall } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'
import type { Dimension, Label } from './labels.js'
import { latencyBucket } from './latency-buckets.js'
import { DIRECTIONS, type Direction, type Series, type SeriesTable } from './series.js'

/** The series of one program in one container, by the code of the call. */
interface OfProgram {
  readonly program: string
  readonly container: Container | undefined
  readonly info: ContainerInfo | undefined
  readonly generation: number
  readonly byCode: (Series | undefined)[]
}

/** What is counted of events without a thread. */
const NOBODY = {}

export class CallTally {
  private readonly known = new WeakMap<object, OfProgram>()
  private readonly labels

  constructor(
    private readonly table: SeriesTable,
    dimensions: readonly Dimension[],
  ) {
    this.labels = dimensions.flatMap((d) => d.labels)
  }

  /** Counts the event under the cursor, where it is a call that has ended. now: ms, of the table's clock. */
  add(e: Event, now: number): void {
    // calls end with odd codes; of those that never return the beginning is all there is
    if (((e.type & 1) === 0 && !e.def.noReturn) || !isSyscall(e.type)) return
    const series = this.seriesOf(e.thread?.leader, e.type, e.def)
    series.calls++
    series.usedAt = now
    if (failed(e)) series.errors++
    const bytes = bytesMoved(e)
    if (bytes !== undefined) {
      // of a call whose descriptors nobody looked up both sides count
      countBytes(series, e.def, e.sides || SIDE.BOTH, bytes)
    }
    const latency = e.batch.latency[e.row] as number
    if (latency === NO_LATENCY) return
    series.latency += latency
    series.buckets[latencyBucket(latency)]!++
  }

  private seriesOf(leader: Thread | undefined, code: number, def: EventDef): Series {
    const { name } = def
    const of = this.ofProgram(leader)
    let series = of.byCode[code]
    if (series === undefined) {
      const { program, container } = of
      const values = this.labels.map((label) => escapeText(label.value({ program, container, call: name })))
      series = this.table.of(values, mostDirections(this.labels, def))
      // what makes room for others must not be counted in any more, and what found none may find some later
      if (this.table.isOther(series) || of.generation !== this.table.generation) return series
      of.byCode[code] = series
    }
    return series
  }

  private ofProgram(leader: Thread | undefined): OfProgram {
    const of = this.known.get(leader ?? NOBODY)
    const program = leader?.comm ?? ''
    const container = leader?.container
    const info = container?.info
    const { generation } = this.table
    if (
      of !== undefined &&
      of.program === program &&
      of.container === container &&
      of.info === info &&
      of.generation === generation
    )
      return of
    const now: OfProgram = { program, container, info, generation, byCode: [] }
    this.known.set(leader ?? NOBODY, now)
    return now
  }
}

/** Counts what a call moved, of one on two descriptors from these sides. */
export function countBytes(series: Series, def: EventDef, sides: number, bytes: number): void {
  const { transfer } = def
  for (const direction of directionsOf(def))
    if (transfer === undefined || (sides & SIDES[direction]) !== 0) series.move(direction, bytes)
}

/** In how many directions calls with these labels may move bytes; def: of one of them. */
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
