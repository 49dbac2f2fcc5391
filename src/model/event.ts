// The cursor: one reused object that decodes the current row on demand. Keeping it after the callback is a bug.

import { type RowLayout, rowLayout } from '../schema/layout.js'
import type { EventDef, ParamDef } from '../schema/types.js'
import {
  afterParameters,
  callsOf,
  type EventBatch,
  FIRST_DATA,
  INEXACT,
  NO_LATENCY,
  ROW,
  type RowForm,
} from './batch.js'
import type { Fd } from './fd.js'
import { decodeText } from './text.js'
import { splitList } from './text-list.js'
import type { Thread } from './thread.js'
import type { BatchNs } from './time.js'

export { type RowLayout, rowLayout }

const TWO32 = 4294967296
const unknown: EventDef = { code: 0, name: 'unknown', category: 'unknown', params: [] }
const noLayout = rowLayout(unknown)

/** The sides from which a call with two descriptors can be viewed, as bits: the descriptor it writes to and the one it reads from. */
export const SIDE = { NONE: 0, WRITE: 1, READ: 2, BOTH: 3 } as const

export class Event {
  batch!: EventBatch
  row = 0
  /** set by the state before the predicate and the sink see the event */
  thread: Thread | undefined = undefined
  fd: Fd | undefined = undefined
  /** the event's descriptor number, -1 when it has none */
  fdNum = -1
  /** true when this event changed the name or tuple of its fd */
  fdNameChanged = false
  /** for a call that reads from one descriptor and writes to another: the sides that count, bits of SIDE; NONE for all others */
  sides: number = SIDE.NONE
  /** such a call is viewed as a read: `fd` is the descriptor that it reads from, `otherFd` the one that it writes to */
  reading = false
  /** the other descriptor of such a call */
  otherFd: Fd | undefined = undefined
  otherNum = -1
  /** defs and layouts by event code (schema/events/index.ts); host: index of the events' host among those of the capture */
  constructor(
    readonly defs: readonly (EventDef | undefined)[],
    private readonly layouts: readonly (RowLayout | undefined)[],
    public host = 0,
  ) {}

  moveTo(batch: EventBatch, row: number): void {
    this.batch = batch
    this.row = row
    this.thread = undefined
    this.fd = undefined
    this.fdNum = -1
    this.fdNameChanged = false
    if (this.sides === SIDE.NONE) return
    this.sides = SIDE.NONE
    this.reading = false
    this.otherFd = undefined
    this.otherNum = -1
  }

  /** Views a call with two descriptors from one of its sides: SIDE.WRITE or SIDE.READ. */
  look(side: number): void {
    const reading = side === SIDE.READ
    if (this.reading === reading) return
    this.reading = reading
    const { fd, fdNum } = this
    this.fd = this.otherFd
    this.fdNum = this.otherNum
    this.otherFd = fd
    this.otherNum = fdNum
  }

  /** Limits the event to these sides and views it from the first of them. */
  keepSides(sides: number): void {
    this.sides = sides
    this.look(sides === SIDE.READ ? SIDE.READ : SIDE.WRITE)
  }

  /** definition of the row's type; never undefined */
  get def(): EventDef {
    return this.defs[this.type] ?? unknown
  }

  private get layout(): RowLayout {
    return this.layouts[this.type] ?? noLayout
  }

  /** Number of events that the row represents. */
  get calls(): number {
    return callsOf(this.flags, this.num)
  }
  get num(): number {
    return this.batch.num[this.row] as number
  }
  /** ns since the capture's start */
  get time(): BatchNs {
    return this.batch.time[this.row] as BatchNs
  }
  /** ns, undefined when unknown */
  get latency(): number | undefined {
    const l = this.batch.latency[this.row] as number
    return l === NO_LATENCY ? undefined : l
  }
  /** Rounded beyond 2^53: see exactRet(). */
  get ret(): number {
    return this.batch.ret[this.row] as number
  }
  get tid(): number {
    return this.batch.tid[this.row] as number
  }
  get pid(): number {
    return this.batch.pid[this.row] as number
  }
  get type(): number {
    return this.batch.type[this.row] as number
  }
  get flags(): number {
    return this.batch.flags[this.row] as number
  }
  get cpu(): number {
    return this.batch.cpu[this.row] as number
  }
  get isEnter(): boolean {
    return (this.flags & ROW.ENTER) !== 0
  }

  /** How the row was recorded; undefined if as its definition. */
  get form(): RowForm | undefined {
    const f = this.batch.form
    return f === undefined ? undefined : this.batch.forms[f[this.row] as number]
  }

  /** The parameters that the row shows, in order: argument k of evt.args and evt.arg[k] is parameter shownAt(k). */
  get shown(): readonly ParamDef[] {
    return this.form?.params ?? this.def.params
  }

  /** Index in the definition of the k-th shown parameter, -1 if the row shows fewer. */
  shownAt(k: number): number {
    const form = this.form
    if (form !== undefined) return form.index[k] ?? -1
    return k < this.def.params.length ? k : -1
  }

  /** Whether parameter p has a value in this row. */
  has(p: number): boolean {
    return ((this.batch.absent[this.row] as number) & (1 << p)) === 0 && p < this.def.params.length
  }

  /** Value of the parameter with that name, as number(p); undefined if the event has no such parameter. */
  numberOf(name: string): number | undefined {
    const { params } = this.def
    for (let p = 0; p < params.length; p++) if (params[p]?.name === name) return this.number(p)
    return undefined
  }

  /**
   * Parameter p as a Number, as recorded (flags: the kernel's or libs' bits, see batch.native). 64-bit values beyond 2^53
   * are rounded: use hi()/lo() where exactness matters. undefined when absent or not a number.
   */
  number(p: number): number | undefined {
    const { offset, wire } = this.layout
    if (p >= offset.length || ((this.batch.absent[this.row] as number) & (1 << p)) !== 0) return undefined
    const o = offset[p] as number
    if (o === -1) return this.ret
    if (o < -1) return undefined
    const at = (this.batch.argOff[this.row] as number) + o
    const v = this.batch.view
    // the numbers are indexes of WIRES
    switch (wire[p]) {
      case 2:
        return v.getInt8(at)
      case 3:
        return v.getUint8(at)
      case 4:
        return v.getInt16(at, true)
      case 5:
        return v.getUint16(at, true)
      case 6:
        return v.getInt32(at, true)
      case 7:
        return v.getUint32(at, true)
      case 8:
        return v.getUint32(at, true) + v.getInt32(at + 4, true) * TWO32
      default:
        return v.getUint32(at, true) + v.getUint32(at + 4, true) * TWO32
    }
  }

  /** Parameter p's exact 64-bit value as BigInt, for printing what number() would round. Not for the hot path. */
  big(p: number): bigint | undefined {
    const n = this.number(p)
    if (n === undefined) return undefined
    const w = (this.def.params[p] as { wire: string }).wire
    const o = this.layout.offset[p] as number
    if (w === 'ret') return BigInt(this.exactRet())
    if (o < 0 || (w !== 'i64' && w !== 'u64')) return BigInt(n)
    const at = (this.batch.argOff[this.row] as number) + o
    return w === 'i64' ? this.batch.view.getBigInt64(at, true) : this.batch.view.getBigUint64(at, true)
  }

  /** The call's result: a bigint if a Number would round it. */
  exactRet(): number | bigint {
    const { ret } = this
    if (!(Math.abs(ret) >= INEXACT)) return ret
    const { exact } = afterParameters(this.batch, this.row, this.parametersEnd())
    if (exact < 0) return BigInt(ret)
    const v = this.batch.view.getBigInt64(exact, true)
    // in events of other tools it may be unsigned
    return v < 0n === ret < 0 ? v : BigInt.asUintN(64, v)
  }

  /** Arena range of the rest of the row's data, after its parameters. */
  rest(): { from: number; to: number } {
    const from = this.parametersEnd()
    return { from, to: afterParameters(this.batch, this.row, from).rest }
  }

  /** What of the row's command line and environment was truncated, if redaction changed their length: TRUNCATED bits. */
  get truncation(): number {
    const { from, to } = this.rest()
    return to - from === 1 ? (this.batch.arena[from] as number) : 0
  }

  /** Where the row's parameters end in the arena. */
  private parametersEnd(): number {
    const { fixed, vars } = this.layout
    let at = (this.batch.argOff[this.row] as number) + fixed
    for (let k = vars; k > 0; k--) at += 2 + this.batch.view.getUint16(at, true)
    return at
  }

  /** Start of variable parameter p in the arena; its length is varLen. -1 when absent. */
  varAt(p: number): number {
    const { offset, fixed } = this.layout
    if (p >= offset.length || ((this.batch.absent[this.row] as number) & (1 << p)) !== 0) return -1
    let k = -2 - (offset[p] as number)
    if (k < 0) return -1
    const v = this.batch.view
    let at = (this.batch.argOff[this.row] as number) + fixed
    for (; k > 0; k--) at += 2 + v.getUint16(at, true)
    return at + 2
  }

  /** Length of the variable parameter whose bytes start at `at` (from varAt): data of FIRST_DATA bytes may continue, see data(). */
  varLen(at: number): number {
    return this.batch.view.getUint16(at - 2, true)
  }

  /** Bytes of variable parameter p: a view that is valid as long as the batch. undefined if absent. */
  bytes(p: number): Uint8Array | undefined {
    const at = this.varAt(p)
    return at < 0 ? undefined : this.data(at)
  }

  /** The bytes of the variable parameter that starts at `at` (from varAt), including those stored after the row's parameters. */
  data(at: number): Uint8Array {
    const { arena } = this.batch
    const end = at + this.varLen(at)
    if (end - at !== FIRST_DATA) return arena.subarray(at, end)
    const { from, to } = this.rest()
    if (from === to) return arena.subarray(at, end)
    if (end === from) return arena.subarray(at, to)
    const joined = new Uint8Array(FIRST_DATA + to - from)
    joined.set(arena.subarray(at, end))
    joined.set(arena.subarray(from, to), FIRST_DATA)
    return joined
  }

  /** Text of variable parameter p (see model/text.ts for bytes that are not UTF-8). undefined when absent. */
  text(p: number): string | undefined {
    const at = this.varAt(p)
    return at < 0 ? undefined : decodeText(this.batch.arena, at, at + this.varLen(at))
  }

  /** NUL-separated list in variable parameter p; an empty last item is dropped. */
  list(p: number): string[] | undefined {
    const t = this.text(p)
    return t === undefined ? undefined : splitList(t)
  }

  /** Index of the parameter with that name in this event, -1 when it has none. */
  paramIndex(name: string): number {
    const ps = this.def.params
    for (let i = 0; i < ps.length; i++) if ((ps[i] as { name: string }).name === name) return i
    return -1
  }
}
