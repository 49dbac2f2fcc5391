// A Perfetto trace: calls as slices of their threads' tracks, other events as marks, and counters and switches.
import type { FieldContext } from '../../fields/field.js'
import { bytesMoved, category } from '../../fields/io.js'
import { type Event, SIDE } from '../../model/event.js'
import { CODE } from '../../schema/codes.js'
import { isSyscall } from '../../schema/events/index.js'
import type { Export } from '../format.js'
import { annotate } from './annotations.js'
import { Counters } from './counters.js'
import { Flows, type Read } from './flows.js'
import { OnCpu } from './on-cpu.js'
import { Protobuf } from './protobuf.js'
import { Sequence } from './sequence.js'
import { type Track, Tracks, Uuids } from './tracks.js'
import { EVENT, TYPE } from './wire.js'

/** Maximum time (ns) that the end of a read waits for the end of the write of its bytes, and maximum number of such reads. */
const LONGEST = 10_000_000
const MOST_WAITING = 256

/** Writes a Perfetto trace. */
export function perfettoExport(): Export {
  return new Perfetto()
}

class Perfetto implements Export {
  readonly out = new Protobuf()
  private readonly uuids = new Uuids()
  private captures = 0
  private capture: Capture | undefined

  start(ctx: FieldContext): void {
    this.capture = new Capture(new Sequence(this.out, ++this.captures, ctx), this.uuids, ctx)
  }

  show(e: Event): void {
    this.capture?.show(e)
  }

  inFlight(call: Event): void {
    this.capture?.inFlight(call)
  }

  end(): void {
    this.capture?.end()
  }

  notes(): string[] {
    return []
  }
}

/** The end of a slice that is not yet written. */
interface LateEnd {
  readonly track: Track
  readonly time: number
  readonly read: Read
}

/** A call in progress whose slice has begun. */
interface OpenCall {
  /** code of its enter event */
  readonly type: number
  /** batch time (ns) at which it started, and at which its slice starts */
  readonly callStart: number
  readonly start: number
}

/** One of the captures in a file. */
class Capture {
  private readonly tracks: Tracks
  private readonly counters: Counters
  private readonly onCpu: OnCpu
  private readonly flows = new Flows()
  /** oldest first */
  private late: LateEnd[] = []
  private readonly open = new Map<Track, OpenCall>()

  constructor(
    private readonly sequence: Sequence,
    uuids: Uuids,
    private readonly ctx: FieldContext,
  ) {
    this.tracks = new Tracks(sequence, uuids)
    this.counters = new Counters(sequence, uuids)
    this.onCpu = new OnCpu(sequence, ctx)
    sequence.clocks()
  }

  show(e: Event): void {
    this.counters.reach(e)
    if (this.late.length > 0) this.endOld(e.time)
    const { type } = e
    if (type === CODE.switch) {
      this.onCpu.switched(e)
      return
    }
    const isCall = isSyscall(type) && (type & 1) === 1
    if (isCall) this.counters.call(e)
    if (this.open.size === 0 || !(isCall || type === CODE.procexit) || !this.endOpen(e)) {
      if (!isCall || e.latency === undefined) this.mark(e)
      else this.slice(e, e.time - e.latency)
    }
    if (type === CODE.procexit) this.onCpu.exited(e.tid)
  }

  end(): void {
    this.endOld(Number.POSITIVE_INFINITY)
    this.onCpu.end()
    this.counters.end()
  }

  /** Writes a call from its start to its end. Slices of a thread must not overlap: an overlap from a late record is cut. */
  private slice(e: Event, callStart: number): void {
    const track = this.tracks.track(e, callStart)
    const start = Math.max(callStart, track.until)
    const end = Math.max(e.time, start)
    this.onCpu.call(e.tid, callStart)
    if (this.late.length > 0) this.endLateOf(track, start)
    const moved = bytesMoved(e)
    const flow = this.flows.write(e, moved)
    this.event(e, TYPE.BEGIN, track, start, flow)
    track.until = end
    const read = this.flowsRead(e, moved)
    if (read === undefined || read.missing === 0) this.writeEnd(track, end, read?.flows)
    else this.late.push({ track, time: end, read })
  }

  /** Writes an event that is not a call, or a call without a known start. */
  private mark(e: Event): void {
    this.event(e, TYPE.INSTANT, this.tracks.track(e, e.time), e.time, undefined)
  }

  /** Writes a call in progress: its slice remains open unless the thread's next event ends it. */
  inFlight(call: Event): void {
    const callStart = call.time - (call.latency ?? 0)
    const track = this.tracks.track(call, callStart)
    const start = Math.max(callStart, track.until)
    this.endLateOf(track, start)
    if (this.open.has(track)) this.writeEnd(track, start)
    this.event(call, TYPE.BEGIN, track, start, undefined)
    track.until = start
    this.open.set(track, { type: call.type, callStart, start })
  }

  /**
   * Ends the slice of a call in progress: calls are recorded until the capture stops, shortly after it has determined which are
   * in progress. e: the next event of its thread, which may be the end of that call. Returns whether the event is written.
   */
  private endOpen(e: Event): boolean {
    const { time, latency } = e
    const track = this.tracks.track(e, time)
    const open = this.open.get(track)
    if (open === undefined) return false
    const isEnd = e.type === open.type + 1 && (latency === undefined || time - latency === open.callStart)
    if (!isEnd && time <= open.start) {
      // a late record of an earlier call
      this.mark(e)
      return true
    }
    this.open.delete(track)
    track.until = Math.max(open.start, isEnd || latency === undefined ? time : time - latency)
    if (!isEnd) {
      this.writeEnd(track, track.until)
      return false
    }
    this.onCpu.call(e.tid, open.callStart)
    const moved = bytesMoved(e)
    const flow = this.flows.write(e, moved)
    this.writeEnd(track, track.until, this.flowsRead(e, moved)?.flows, { call: e, flow })
    return true
  }

  /** The flows of the bytes that a call has read, also one that writes to another descriptor. */
  private flowsRead(e: Event, moved: ReturnType<typeof bytesMoved>): ReturnType<Flows['read']> {
    const isBoth = e.sides === SIDE.BOTH
    if (isBoth) e.look(SIDE.READ)
    const read = this.flows.read(e, moved)
    if (isBoth) e.look(SIDE.WRITE)
    return read
  }

  private event(
    e: Event,
    type: typeof TYPE.BEGIN | typeof TYPE.INSTANT,
    { uuid }: Track,
    time: number,
    flow: number | undefined,
  ): void {
    const { sequence, ctx } = this
    const { out } = sequence
    const packet = sequence.start(time)
    const event = sequence.event(type, uuid)
    out.uintField(EVENT.nameIid, sequence.iid('eventNames', e.def.name))
    out.uintField(EVENT.categoryIids, sequence.iid('categories', category(e)))
    annotate(sequence, e, ctx)
    if (flow !== undefined) out.fixed64Field(EVENT.flowIds, flow)
    out.close(event)
    sequence.end(packet)
  }

  /** of: the call, if its arguments and the flow that it starts are not in the start of the slice */
  private writeEnd(
    { uuid }: Track,
    time: number,
    flows: readonly number[] = [],
    of?: { readonly call: Event; readonly flow: number | undefined },
  ): void {
    const { sequence } = this
    const packet = sequence.start(time)
    const event = sequence.event(TYPE.END, uuid)
    if (of !== undefined) annotate(sequence, of.call, this.ctx)
    if (of?.flow !== undefined) sequence.out.fixed64Field(EVENT.flowIds, of.flow)
    for (const flow of flows) sequence.out.fixed64Field(EVENT.terminatingFlowIds, flow)
    sequence.out.close(event)
    sequence.end(packet)
  }

  private endLate({ track, time, read }: LateEnd): void {
    read.done = true
    this.writeEnd(track, time, read.flows)
  }

  /** Writes the ends that have waited long enough at batch time `now` (ns), or whose flows are complete. */
  private endOld(now: number): void {
    const tooMany = this.late.length > MOST_WAITING
    this.late = this.late.filter((end, i) => {
      const waits = end.read.missing > 0 && now - end.time < LONGEST && !(tooMany && i === 0)
      if (!waits) this.endLate(end)
      return waits
    })
  }

  /** Another slice of the track starts at `start`: writes ends with that time before it. */
  private endLateOf(track: Track, start: number): void {
    this.late = this.late.filter((end) => {
      const before = end.track === track && end.time >= start
      if (before) this.endLate(end)
      return !before
    })
  }
}
