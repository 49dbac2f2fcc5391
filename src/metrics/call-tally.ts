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
import type { Dimension } from './labels.js'
import { latencyBucket } from './latency-buckets.js'
import type { Series, SeriesTable } from './series.js'

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

  private seriesOf(leader: Thread | undefined, code: number, { name }: EventDef): Series {
    const of = this.ofProgram(leader)
    let series = of.byCode[code]
    if (series === undefined) {
      const { program, container } = of
      series = this.table.of(this.labels.map((label) => escapeText(label.value({ program, container, call: name }))))
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
  if (transfer === undefined ? readsData(def) : (sides & SIDE.READ) !== 0) series.move('read', bytes)
  if (transfer === undefined ? writesData(def) : (sides & SIDE.WRITE) !== 0) series.move('write', bytes)
}
