// The events of one host of a capture: the current batch of its source, and the order of rows among several hosts.

import type { EventBatch } from '../model/batch.js'
import { ROW } from '../model/batch.js'
import { Event } from '../model/event.js'
import type { Snapshot } from '../model/snapshot.js'
import type { BatchNs } from '../model/time.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import type { CaptureSource } from '../source/source.js'
import type { State } from '../state/state.js'
import { KEEP } from './sink.js'

export class HostStream {
  readonly event: Event
  /** undefined: its events have ended, or none were read yet */
  batch: EventBatch | undefined
  /** the next row of the batch */
  row = 0
  /** the row at which another host's rows come first; set by earliest() */
  end = 0
  /** rows before this one were delivered to the sinks that take batches */
  delivered = 0
  /** for each row of the batch, a value of KEEP */
  keep = new Uint8Array(0)

  constructor(
    readonly source: CaptureSource,
    readonly state: State,
    /** by event code, 1 if an event neither passes nor changes the state: such rows are only counted */
    public idle: Uint8Array,
    /** by event code, a value of FOLLOW */
    readonly followed: Uint8Array,
  ) {
    const { defs, layouts } = source.tables ?? { defs: EVENTS, layouts: LAYOUTS }
    this.event = new Event(defs, layouts, state.host)
  }

  get host(): number {
    return this.state.host
  }

  /** Loads the state at the start of the capture. */
  load(snapshot: Snapshot): void {
    this.state.containers.preload(this.source.lateNames ?? [])
    this.state.load(snapshot)
  }

  /** Reads the next batch. All rows of the previous one must be processed. */
  async fill(): Promise<void> {
    const batch = await this.source.next()
    this.batch = batch
    this.row = 0
    this.delivered = 0
    if (batch === undefined) return
    if (this.keep.length < batch.capacity) this.keep = new Uint8Array(batch.capacity)
    this.keep.fill(KEEP.DROP, 0, batch.count)
  }

  /** Whether all rows of the batch were processed. */
  get isOver(): boolean {
    return this.row === this.batch?.count
  }

  /** Batch time (ns) of the next row, which must exist. */
  get time(): BatchNs {
    return this.batch?.time[this.row] as BatchNs
  }

  /**
   * Batch time (ns) of the first event that is not a call of the recorder itself; undefined: it is not in this batch.
   */
  get first(): BatchNs | undefined {
    const { source, batch } = this
    if (source.firstTime !== undefined || batch === undefined) return source.firstTime
    if (!source.info.has.recorderRows) return batch.count === 0 ? undefined : (batch.time[0] as BatchNs)
    for (let i = 0; i < batch.count; i++) if ((batch.flags[i]! & ROW.HIDDEN) === 0) return batch.time[i] as BatchNs
    return undefined
  }
}

/**
 * The stream whose batch is processed, else the one whose next row is the earliest, with its `end` set; undefined when all have
 * ended. For equal times the first host wins. A row that is late in its stream is returned once it is the next one there.
 */
export function earliest(streams: readonly HostStream[]): HostStream | undefined {
  let stream: HostStream | undefined
  let earliestTime = Number.POSITIVE_INFINITY
  /** the time up to which the stream's rows precede those of all others, and whether that time is included */
  let until = Number.POSITIVE_INFINITY
  let inclusive = true
  for (const other of streams) {
    if (other.batch === undefined) continue
    if (other.isOver) {
      other.end = other.row
      return other
    }
    const { time } = other
    if (stream === undefined || time < earliestTime) {
      if (stream !== undefined) {
        until = earliestTime
        inclusive = false
      }
      stream = other
      earliestTime = time
    } else if (time < until) {
      until = time
      inclusive = true
    }
  }
  if (stream?.batch === undefined) return undefined
  stream.end =
    until === Number.POSITIVE_INFINITY ? stream.batch.count : endBefore(stream.batch, stream.row, until, inclusive)
  return stream
}

/** The first row after `row` that is later than `until`, or at least as late if `until` is not included. */
function endBefore({ time, count }: EventBatch, row: number, until: number, inclusive: boolean): number {
  let end = row + 1
  while (end < count && ((time[end] as number) < until || (inclusive && time[end] === until))) end++
  return end
}
