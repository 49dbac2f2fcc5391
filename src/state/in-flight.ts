// Calls that have not ended, as rows of their enter events, so that fields and filters apply to them as to any event.
import { batchBytes, EventBatch, NO_LATENCY, ROW } from '../model/batch.js'
import { Event } from '../model/event.js'
import { CALLS, EVENTS, LAYOUTS } from '../schema/events/index.js'
import { UNKNOWN_NR } from '../schema/events/unknown.js'
import { WIRE_SIZE } from '../schema/layout.js'
import type { EventDef, ParamDef } from '../schema/types.js'
import type { CaptureInfo } from '../source/source.js'
import { num, param } from './effects/effect.js'

/** Bits of open flags that the kernel side adds: only the exit of an open has them. */
const OPENED = 0xf0000000
const ARENA = 4096
/** Most bytes of a path; the kernel side stores fewer. */
const LONGEST = 1024

/** The content of a ks_inflight row. */
interface InFlightRecord {
  /** as the kernel side recorded them: the call's arguments, its number, and a zero */
  readonly args: readonly (bigint | undefined)[]
  readonly paths: readonly (Uint8Array | undefined)[]
}

/** Builds the rows; each one is valid until the next is built. */
export class InFlight {
  private readonly batch = new EventBatch(new ArrayBuffer(batchBytes(2, ARENA)), 2, ARENA)
  private readonly call: Event
  /** enter events by system call number */
  private readonly enters = new Map<number, EventDef>()

  /** host: index of the calls' host among those of the capture */
  constructor(info: Pick<CaptureInfo, 'arch'>, host: number) {
    this.call = new Event(EVENTS, LAYOUTS, host)
    for (const def of CALLS) {
      const nr = def.nr?.[info.arch]
      const enter = EVENTS[def.code - 1]
      if (nr !== undefined && enter !== undefined) this.enters.set(nr, enter)
    }
  }

  /** A cursor on the call that a ks_inflight row describes; undefined if the row has no number. */
  callOf(e: Event): Event | undefined {
    const nr = num(e, param(e.def, 'nr'))
    const def = nr === undefined ? undefined : (this.enters.get(nr) ?? this.enters.get(UNKNOWN_NR))
    if (def === undefined) return undefined
    const b = this.batch
    const sinceEnter = e.latency
    b.count = 1
    b.num[0] = e.num
    b.time[0] = e.time
    b.latency[0] = sinceEnter ?? NO_LATENCY
    b.ret[0] = Number.NaN
    b.tid[0] = e.tid
    b.pid[0] = e.pid
    b.type[0] = def.code
    b.cpu[0] = e.cpu
    b.flags[0] =
      ROW.ENTER | ROW.IN_FLIGHT | (sinceEnter === undefined ? ROW.AT_LEAST : 0) | (e.flags & (ROW.COMPAT | ROW.LATE))
    b.native = e.batch.native
    b.arch = e.batch.arch
    this.fill(def, {
      args: [
        ...[0, 1, 2, 3, 4, 5].map((i) => e.big(param(e.def, `arg${i}`))),
        BigInt(nr === UNKNOWN_NR ? e.ret : (nr ?? 0)),
        0n,
      ],
      paths: [e.bytes(param(e.def, 'path')), e.bytes(param(e.def, 'path2'))],
    })
    this.call.moveTo(b, 0)
    return this.call
  }

  /** If the call's start is unknown, sets the latency to the time blocked. Call it after looking up the call's descriptor, as of now. */
  setAge(e: Event): void {
    const slept = num(e, param(e.def, 'slept'))
    if (this.batch.latency[0] === NO_LATENCY && slept !== undefined) this.batch.latency[0] = slept
  }

  /** Writes the parameters in the enter event's layout; what is in the program's memory is absent. */
  private fill(def: EventDef, record: InFlightRecord): void {
    const b = this.batch
    let at = 0
    let absent = 0
    def.params.forEach((p, i) => {
      const size = WIRE_SIZE[p.wire]
      if (size === 0) return
      const value = fixed(p, record)
      if (value === undefined) absent |= 1 << i
      for (let k = 0; k < size; k++) b.arena[at + k] = Number(((value ?? 0n) >> BigInt(8 * k)) & 0xffn)
      at += size
    })
    let path = 0
    def.params.forEach((p, i) => {
      if (p.wire !== 'var') return
      const recorded =
        p.from.op === 'str' && p.from.at === 'enter' ? record.paths[path++]?.subarray(0, LONGEST) : undefined
      if (recorded === undefined) absent |= 1 << i
      b.view.setUint16(at, recorded?.length ?? 0, true)
      if (recorded !== undefined) b.arena.set(recorded, at + 2)
      at += 2 + (recorded?.length ?? 0)
    })
    b.absent[0] = absent
    b.argOff[1] = at
  }
}

function fixed({ from }: ParamDef, { args }: InFlightRecord): bigint | undefined {
  if (from.op === 'arg') return args[from.n]
  if (from.op !== 'opened' || from.deref) return undefined
  const flags = args[from.n]
  return flags === undefined ? undefined : flags & ~BigInt(OPENED)
}
