// Converts rows of a trace whose events had other declarations when it was written to the current ones. Parameters are
// matched by name; those that the trace lacks are absent.
import { batchBytes, EventBatch, ROW, rowEnd } from '../model/batch.js'
import { CODE_LIMIT, isInternal } from '../schema/codes.js'
import { EVENTS, eventsByName } from '../schema/events/index.js'
import type { EventDef, Wire } from '../schema/types.js'
import { type BlockLayouts, noLayouts } from './codec.js'
import { type FileEvent, isCurrent } from './events-table.js'

const SIZE = { ret: 0, i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, i64: 8, u64: 8, var: 0 } as const

/** How an event of the trace is converted to a current one. */
interface Plan {
  readonly def: EventDef
  /** for each current parameter, its index in the trace's event, -1 if the event lacks it */
  readonly from: readonly number[]
  readonly event: FileEvent
}

export class RowUpgrade {
  /** skipped events, for which the current schema has none of that name */
  unknown = 0
  /** layouts of the trace's own rows by code, for the decoder */
  readonly layouts: BlockLayouts = noLayouts()
  /** by the trace's code: how its rows are converted; undefined: they are skipped */
  private readonly plans = new Map<number, Plan | undefined>()
  /** 1 for the codes that have an entry in plans */
  private readonly changed = new Uint8Array(CODE_LIMIT)
  /** every event of the trace has its current code, and no internal event differs from the current schema */
  readonly codesMatch: boolean
  /** arena bytes for the fixed parameters of the largest converted row */
  private readonly perRow: number
  /** all codes are current, so rows can be converted in place */
  private readonly inPlace: boolean
  /** two batches that take turns: the caller holds one while the other is filled */
  private readonly outs: [EventBatch | undefined, EventBatch | undefined] = [undefined, undefined]
  private turn: 0 | 1 = 0

  /** Undefined if the trace's events are the current ones. defs: the current definitions, with those of the trace. */
  static create(events: readonly FileEvent[], defs: readonly (EventDef | undefined)[]): RowUpgrade | undefined {
    const isUpToDate = defs === EVENTS && events.every((e) => isCurrent(e, defs[e.code]))
    return isUpToDate ? undefined : new RowUpgrade(events, defs)
  }

  private constructor(events: readonly FileEvent[], defs: readonly (EventDef | undefined)[]) {
    for (const e of events) {
      if (e.code >= CODE_LIMIT) continue
      this.layouts.fixed[e.code] = e.params.reduce((n, [, wire]) => n + SIZE[wire], 0)
      this.layouts.vars[e.code] = e.params.filter(([, wire]) => wire === 'var').length
      if (isCurrent(e, defs[e.code])) continue
      this.plans.set(e.code, planOf(e))
      this.changed[e.code] = 1
    }
    this.perRow = Math.max(8, ...[...this.plans.values()].map((plan) => (plan === undefined ? 0 : bytesOf(plan.def))))
    const codesKnown = [...this.plans].every(([code, plan]) => plan?.def.code === code)
    this.inPlace = codesKnown
    this.codesMatch = codesKnown && defs === EVENTS && ![...this.plans.keys()].some((code) => isInternal(code))
  }

  /** Arena bytes that a batch of that many rows and argument bytes needs for conversion in place. */
  arenaFor(rows: number, arena: number): number {
    return this.inPlace ? arena * 2 + rows * this.perRow : arena
  }

  /**
   * Converts the rows of a batch, in place if possible. Returns that batch or, if rows had to be skipped, a batch of this
   * object, which is reused by the call after the next.
   */
  apply(batch: EventBatch): EventBatch {
    if (this.inPlace) return this.convertInPlace(batch)
    return this.hasChanged(batch) ? this.copy(batch) : batch
  }

  /** Appends the converted rows to the arena, after the arguments of all rows. */
  private convertInPlace(batch: EventBatch): EventBatch {
    const { count, type, argOff, form } = batch
    const ends = batch.argEnd as Uint32Array
    let at = argOff[count] as number
    for (let i = 0; i < count; i++) {
      const code = type[i] as number
      if (this.changed[code] === 0) continue
      const plan = this.plans.get(code) as Plan
      const end = rewrite(batch, i, batch, i, at, plan)
      argOff[i] = at
      ends[i] = end
      at = end
      if (form !== undefined) form[i] = 0
    }
    return batch
  }

  private copy(batch: EventBatch): EventBatch {
    const out = this.outputFor(batch)
    if (batch.form !== undefined && (out.form === undefined || out.form.length < out.capacity))
      out.form = new Uint16Array(out.capacity)
    let to = 0
    let at = 0
    for (let i = 0; i < batch.count; i++) {
      const code = batch.type[i] as number
      const isChanged = this.changed[code] === 1
      const plan = isChanged ? this.plans.get(code) : undefined
      if (isChanged && plan === undefined) {
        if ((batch.flags[i]! & ROW.HIDDEN) === 0) this.unknown++
        continue
      }
      copyScalars(batch, i, out, to)
      out.argOff[to] = at
      if (plan === undefined) {
        const row = batch.arena.subarray(batch.argOff[i], rowEnd(batch, i))
        out.arena.set(row, at)
        at += row.length
      } else {
        if (out.form !== undefined) out.form[to] = 0
        out.type[to] = plan.def.code
        at = rewrite(batch, i, out, to, at, plan)
      }
      to++
    }
    out.argOff[to] = at
    out.count = to
    out.native = batch.native
    out.arch = batch.arch
    out.forms = batch.forms
    return out
  }

  private hasChanged(batch: EventBatch): boolean {
    const { type, count } = batch
    for (let i = 0; i < count; i++) if (this.changed[type[i] as number] === 1) return true
    return false
  }

  private outputFor(batch: EventBatch): EventBatch {
    const arenaBytes = batch.arenaBytes * 2 + batch.capacity * this.perRow
    this.turn = this.turn === 0 ? 1 : 0
    const ready = this.outs[this.turn]
    if (ready !== undefined && ready.capacity >= batch.capacity && ready.arenaBytes >= arenaBytes) return ready
    const created = new EventBatch(new ArrayBuffer(batchBytes(batch.capacity, arenaBytes)), batch.capacity, arenaBytes)
    this.outs[this.turn] = created
    return created
  }
}

/**
 * Bytes of a row's fixed parameters and lengths. Numbers are written as eight bytes, so the last one needs up to eight
 * more.
 */
function bytesOf(def: EventDef): number {
  return def.params.reduce((n, { wire }) => n + (wire === 'var' ? 2 : SIZE[wire]), 8)
}

function planOf(event: FileEvent): Plan | undefined {
  const sameCode = EVENTS[event.code]
  const def =
    sameCode?.name === event.name
      ? sameCode
      : eventsByName(event.name)
          .map((code) => EVENTS[code])
          .find((d) => d !== undefined && d.code % 2 === event.code % 2)
  if (def === undefined) return undefined
  const from = def.params.map((p) =>
    event.params.findIndex(([name, wire]) => name === p.name && (wire === 'var') === (p.wire === 'var')),
  )
  return { def, from, event }
}

function copyScalars(from: EventBatch, i: number, to: EventBatch, k: number): void {
  to.num[k] = from.num[i] as number
  to.time[k] = from.time[i] as number
  to.latency[k] = from.latency[i] as number
  to.ret[k] = from.ret[i] as number
  to.tid[k] = from.tid[i] as number
  to.pid[k] = from.pid[i] as number
  to.absent[k] = from.absent[i] as number
  to.type[k] = from.type[i] as number
  to.flags[k] = from.flags[i] as number
  to.cpu[k] = from.cpu[i] as number
  if (to.form !== undefined) to.form[k] = from.form?.[i] ?? 0
}

/** Converts row i and writes it at arena offset `start`; returns its end offset. */
function rewrite(batch: EventBatch, i: number, out: EventBatch, to: number, start: number, plan: Plan): number {
  const { def, from, event } = plan
  const absent = batch.absent[i] as number
  const [sourceOffsets, sourceEnd] = offsets(batch, i, event)
  let mask = 0
  let at = start
  def.params.forEach((p, k) => {
    const source = from[k] as number
    if (source < 0 ? p.wire !== 'ret' : (absent & (1 << source)) !== 0) mask |= 1 << k
    if (p.wire === 'ret' || p.wire === 'var') return
    const wire = source < 0 ? undefined : (event.params[source]![1] as Wire)
    out.view.setBigUint64(at, wire === undefined ? 0n : widened(batch, i, sourceOffsets[source] as number, wire), true)
    at += SIZE[p.wire]
  })
  def.params.forEach((p, k) => {
    if (p.wire !== 'var') return
    const source = from[k] as number
    const offset = source < 0 ? -1 : (sourceOffsets[source] as number)
    const length = offset < 0 ? 0 : batch.view.getUint16(offset, true)
    out.view.setUint16(at, length, true)
    if (length > 0) out.arena.set(batch.arena.subarray(offset + 2, offset + 2 + length), at + 2)
    at += 2 + length
  })
  out.absent[to] = mask >>> 0
  const rest = batch.arena.subarray(sourceEnd, rowEnd(batch, i))
  out.arena.set(rest, at)
  return at + rest.length
}

/** Arena offsets of the trace's parameters in row i, and the offset after the last. */
function offsets(batch: EventBatch, i: number, event: FileEvent): readonly [readonly number[], number] {
  let at = batch.argOff[i] as number
  const starts = new Array<number>(event.params.length).fill(-1)
  event.params.forEach(([, wire], k) => {
    if (wire === 'var') return
    starts[k] = at
    at += SIZE[wire]
  })
  event.params.forEach(([, wire], k) => {
    if (wire !== 'var') return
    starts[k] = at
    at += 2 + batch.view.getUint16(at, true)
  })
  return [starts, at]
}

/** A fixed value, sign-extended to 64 bits. */
function widened(batch: EventBatch, i: number, at: number, wire: Wire): bigint {
  const v = batch.view
  switch (wire) {
    case 'ret':
      return BigInt.asUintN(64, BigInt(batch.ret[i] as number))
    case 'i8':
      return BigInt.asUintN(64, BigInt(v.getInt8(at)))
    case 'u8':
      return BigInt(v.getUint8(at))
    case 'i16':
      return BigInt.asUintN(64, BigInt(v.getInt16(at, true)))
    case 'u16':
      return BigInt(v.getUint16(at, true))
    case 'i32':
      return BigInt.asUintN(64, BigInt(v.getInt32(at, true)))
    case 'u32':
      return BigInt(v.getUint32(at, true))
    default:
      return v.getBigUint64(at, true)
  }
}
