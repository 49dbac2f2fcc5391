// The events of several hosts in the order of their times: what each host's source has brought and nobody has looked at yet.
import type { EventBatch } from './model/batch.js'
import type { Event } from './model/event.js'
import type { CaptureSource } from './source/source.js'
import type { State } from './state/state.js'

/** What a host has brought. */
export class Lane {
  batch: EventBatch | undefined
  /** the next row of the batch */
  row = 0
  /** the row at which another host's turn comes, once earliest() has found this one's */
  end = 0
  /** what becomes of each row of the batch, see KEEP */
  keep = new Uint8Array(0)

  constructor(
    /** the host's place among all */
    readonly host: number,
    readonly source: CaptureSource,
    readonly state: State,
    readonly event: Event,
    /** see Pipeline.idle */
    readonly idle: Uint8Array,
  ) {}

  /** The state is that of the capture's start. */
  async load(): Promise<void> {
    this.state.containers.foretell(this.source.namesLater ?? [])
    this.state.load(await this.source.snapshot())
  }

  /** Brings the next rows; those of the batch before must have been looked at. */
  async fill(): Promise<void> {
    do this.batch = await this.source.next()
    while (this.batch?.count === 0)
    this.row = 0
    if (this.batch === undefined) return
    if (this.keep.length < this.batch.capacity) this.keep = new Uint8Array(this.batch.capacity)
    this.keep.fill(0, 0, this.batch.count)
    if (this.batch.resync !== undefined) this.state.load(this.batch.resync)
  }

  /** Whether all rows of the batch were looked at. */
  get isOver(): boolean {
    return this.row === this.batch?.count
  }

  /** Batch time (ns) of the next row; there must be one. */
  get time(): number {
    return this.batch?.time[this.row] as number
  }
}

/**
 * The lane whose next row is the earliest, with its end; undefined when all have ended. Of equal
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
  const { time, count } = lane.batch
  let end = lane.row + 1
  while (end < count && ((time[end] as number) < until || (inclusive && time[end] === until))) end++
  lane.end = end
  return lane
}
