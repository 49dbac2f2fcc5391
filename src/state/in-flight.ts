// Calls that have not ended, as rows of their enter events: who looks at them asks fields and filters as of any event.
import { batchBytes, EventBatch, NO_LATENCY, ROW } from '../model/batch.js'
import { Event } from '../model/event.js'
import { CALLS, EVENTS, LAYOUTS } from '../schema/events/index.js'
import { UNKNOWN_NR } from '../schema/events/unknown.js'
import { WIRE_SIZE } from '../schema/layout.js'
import type { EventDef, ParamDef } from '../schema/types.js'
import type { CaptureInfo } from '../source/source.js'
import { num, param } from './effects/effect.js'

/** Bits of open flags that the kernel side adds: only the end of an open knows them. */
const OPENED = 0xf0000000
const ARENA = 4096
/** Bytes of a path; the kernel side keeps fewer. */
const LONGEST = 1024

/** What a ks_inflight row says. */
interface InFlightRecord {
  /** as the kernel side has them: those of the call, its number, and a zero */
  readonly args: readonly (bigint | undefined)[]
  readonly paths: readonly (Uint8Array | undefined)[]
}

/** Makes the rows; one is valid until the next. */
export class InFlight {
  private readonly batch = new EventBatch(new ArrayBuffer(batchBytes(2, ARENA)), 2, ARENA)
  private readonly call: Event
  /** enter events by system call number */
  private readonly enters = new Map<number, EventDef>()

  /** host: the index of the calls' host among those of the capture */
  constructor(info: Pick<CaptureInfo, 'arch'>, host: number) {
    this.call = new Event(EVENTS, LAYOUTS, host)
    for (const def of CALLS) {
      const nr = def.nr?.[info.arch]
      const enter = EVENTS[def.code - 1]
      if (nr !== undefined && enter !== undefined) this.enters.set(nr, enter)
    }
  }

  /** A cursor on the call that a ks_inflight row tells of; undefined when that has no number. */
  of(e: Event): Event | undefined {
    const nr = num(e, param(e.def, 'nr'))
    const def = nr === undefined ? undefined : (this.enters.get(nr) ?? this.enters.get(UNKNOWN_NR))
    if (def === undefined) return undefined
    const b = this.batch
    const begun = e.latency
    b.count = 1
    b.num[0] = e.num
    b.time[0] = e.time
    b.latency[0] = begun ?? NO_LATENCY
    b.ret[0] = Number.NaN
    b.tid[0] = e.tid
    b.pid[0] = e.pid
    b.type[0] = def.code
    b.cpu[0] = e.cpu
    b.flags[0] =
      ROW.ENTER | ROW.IN_FLIGHT | (begun === undefined ? ROW.AT_LEAST : 0) | (e.flags & (ROW.COMPAT | ROW.LATE))
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

  /** Where the beginning is unknown, what is known instead; after the call's descriptor was looked up, which was open then. */
  date(e: Event): void {
    const slept = num(e, param(e.def, 'slept'))
    if (this.batch.latency[0] === NO_LATENCY && slept !== undefined) this.batch.latency[0] = slept
  }

  /** Lays the parameters out as the enter event has them; what is in the program's memory is absent. */
  private fill(def: EventDef, told: InFlightRecord): void {
    const b = this.batch
    let at = 0
    let absent = 0
    def.params.forEach((p, i) => {
      const size = WIRE_SIZE[p.wire]
      if (size === 0) return
      const value = fixed(p, told)
      if (value === undefined) absent |= 1 << i
      for (let k = 0; k < size; k++) b.arena[at + k] = Number(((value ?? 0n) >> BigInt(8 * k)) & 0xffn)
      at += size
    })
    let path = 0
    def.params.forEach((p, i) => {
      if (p.wire !== 'var') return
      const kept = p.from.op === 'str' && p.from.at === 'enter' ? told.paths[path++]?.subarray(0, LONGEST) : undefined
      if (kept === undefined) absent |= 1 << i
      b.view.setUint16(at, kept?.length ?? 0, true)
      if (kept !== undefined) b.arena.set(kept, at + 2)
      at += 2 + (kept?.length ?? 0)
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
