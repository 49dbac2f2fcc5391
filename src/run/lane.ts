// The events of one host of a capture: what its source has brought and nobody has looked at yet, and whose turn it is among several.
import type { EventBatch } from '../model/batch.js'
import { ROW } from '../model/batch.js'
import { Event } from '../model/event.js'
import type { Snapshot } from '../model/snapshot.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import type { CaptureSource } from '../source/source.js'
import type { State } from '../state/state.js'
import { KEEP } from './sink.js'

export class Lane {
  readonly event: Event
  /** undefined: its events have ended, or none have come yet */
  batch: EventBatch | undefined
  /** the next row of the batch */
  row = 0
  /** the row at which another host's turn comes, once earliest() has found this one's */
  end = 0
  /** rows before it were handed to the sinks that take batches */
  given = 0
  /** what becomes of each row of the batch, see KEEP */
  keep = new Uint8Array(0)

  constructor(
    readonly source: CaptureSource,
    readonly state: State,
    /** by event code, 1 where an event neither passes nor changes the state: such rows are only counted */
    readonly idle: Uint8Array,
    /** by event code, of FOLLOW */
    readonly followed: Uint8Array,
  ) {
    const { defs, layouts } = source.tables ?? { defs: EVENTS, layouts: LAYOUTS }
    this.event = new Event(defs, layouts, state.host)
  }

  get host(): number {
    return this.state.host
  }

  /** The state is that of the capture's start. */
  load(snapshot: Snapshot): void {
    this.state.containers.preload(this.source.lateNames ?? [])
    this.state.load(snapshot)
  }

  /** Brings the next rows; those of the batch before must have been looked at. */
  async fill(): Promise<void> {
    const batch = await this.source.next()
    this.batch = batch
    this.row = 0
    this.given = 0
    if (batch === undefined) return
    if (this.keep.length < batch.capacity) this.keep = new Uint8Array(batch.capacity)
    this.keep.fill(KEEP.DROP, 0, batch.count)
  }

  /** Whether all rows of the batch were looked at. */
  get isOver(): boolean {
    return this.row === this.batch?.count
  }

  /** Batch time (ns) of the next row; there must be one. */
  get time(): number {
    return this.batch?.time[this.row] as number
  }

  /** Batch time (ns) of the first event, the recorder's own calls apart; undefined: it is not in this batch. */
  get first(): number | undefined {
    const { source, batch } = this
    if (source.firstTime !== undefined || batch === undefined) return source.firstTime
    if (!source.info.has.recorderRows) return batch.count === 0 ? undefined : batch.time[0]
    for (let i = 0; i < batch.count; i++) if ((batch.flags[i]! & ROW.HIDDEN) === 0) return batch.time[i]
    return undefined
  }
}

/**
 * The lane whose batch is over, else that whose next row is the earliest, with its end; undefined when all have ended. Of equal
 * times the first host's comes first. A row that is late in its lane comes as soon as it is the next one there.
 */
export function earliest(lanes: readonly Lane[]): Lane | undefined {
  let lane: Lane | undefined
  let least = Number.POSITIVE_INFINITY
  /** the time up to which the lane's rows come before those of all others, and whether one at just that time does */
  let until = Number.POSITIVE_INFINITY
  let inclusive = true
  for (const other of lanes) {
    if (other.batch === undefined) continue
    if (other.isOver) {
      other.end = other.row
      return other
    }
    const { time } = other
    if (lane === undefined || time < least) {
      if (lane !== undefined) {
        until = least
        inclusive = false
      }
      lane = other
      least = time
    } else if (time < until) {
      until = time
      inclusive = true
    }
  }
  if (lane?.batch === undefined) return undefined
  lane.end = until === Number.POSITIVE_INFINITY ? lane.batch.count : endBefore(lane.batch, lane.row, until, inclusive)
  return lane
}

/** The first row behind `row` that comes later than `until`, or just then where that is not included. */
function endBefore({ time, count }: EventBatch, row: number, until: number, inclusive: boolean): number {
  let end = row + 1
  while (end < count && ((time[end] as number) < until || (inclusive && time[end] === until))) end++
  return end
}
