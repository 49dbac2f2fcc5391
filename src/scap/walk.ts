// The walk over event blocks: from the bytes of the window straight into the columns of a batch. No object is made for an
// event. What is not right about an event is reported with its offset, and the walk goes on behind it.
import { type EventBatch, NO_LATENCY, ROW } from '../model/batch.js'
import { type Converter, MAX_PARAMS, mostParams, Op, type Program, Role, roleOf, SIGNED, STEP } from './convert.js'
import { Pending } from './pending.js'
import { IdTable } from './thread-ids.js'
import type { Window } from './window.js'

const TWO32 = 4294967296
/** Event header: time, tid, length, code, and in newer versions the parameter count. */
const HEADER_V1 = 22
const HEADER_V2 = 26
/** The event is there only to keep the state true. */
const STATE_ONLY = 1
/** Codes whose parameter lengths take four bytes in large blocks' events and everywhere: libs' large payload events. */
const WIDE_LENGTHS = new Set([322, 324, 402])
/** Old producers gave these a length that is 3 too large. */
const THREE_TOO_LONG = new Set([280, 286])
/** Not shown by default: libs' internal events, and what keeps its tables. */
const HIDDEN_NAMES = new Set([196, 234, 272, 286, 324, 354, 356, 358, 360])
const PROCEXIT = 186
/** Rows can hold this much of one variable parameter. */
const VAR_LIMIT = 0xffff
/** By code: what it stands for, and the most parameters it ever had. */
const roles = new Uint8Array(1024)
const mostOf = new Uint8Array(1024)
for (let c = 0; c < 1024; c++) {
  roles[c] = roleOf(c)
  mostOf[c] = Math.min(mostParams(c), MAX_PARAMS)
}

/** What became of a block. */
export const enum Outcome {
  /** a row was added, or the event was kept for its exit, or is not to be seen */
  Done,
  /** the batch has no room: nothing was consumed */
  Full,
  /** it makes no sense; see `wrong` */
  Damaged,
}

export class Walker {
  readonly pending = new Pending()
  readonly processes = new IdTable()
  /** events so far, as sysdig counts them */
  num = 0
  /** events with codes nobody knows yet */
  unknown = 0
  /** what was wrong with the last damaged event */
  wrong = ''
  /** the first event's time, which all times count from: high and low half of the ns since the epoch */
  private startHigh = 0
  private startLow = 0
  started = false
  /** ends of the parameters in the window: of the exit event and of the joined enter event */
  private readonly exitAt = new Int32Array(MAX_PARAMS + 1)
  private readonly enterAt = new Int32Array(MAX_PARAMS + 1)

  constructor(
    private readonly window: Window,
    private readonly converter: Converter,
    /** enter events get rows of their own */
    private readonly both: boolean,
  ) {}

  /** Epoch ns of time 0. */
  get start(): bigint {
    return (BigInt(this.startHigh) << 32n) | BigInt(this.startLow)
  }

  setStart(high: number, low: number): void {
    this.startHigh = high
    this.startLow = low
    this.started = true
  }

  /** A new section: nothing is in flight any more. */
  reset(): void {
    this.pending.clear()
    this.processes.clear()
  }

  /** Takes the event whose header begins at `head` and which ends at `end` at the latest. */
  event(batch: EventBatch, cpuAt: number, head: number, end: number, counted: boolean, flags: number): Outcome {
    const v = this.window.view
    const headSize = counted ? HEADER_V2 : HEADER_V1
    if (head + headSize > end) return this.damaged('an event is shorter than its header')
    const code = v.getUint16(head + 20, true)
    const role: Role = code < 1024 ? (roles[code] as Role) : Role.Unknown
    if (role === Role.Unknown) {
      this.unknown++
      return Outcome.Done
    }
    let length = v.getUint32(head + 16, true)
    if (!counted && THREE_TOO_LONG.has(code)) length -= 3
    if (length < headSize || head + length > end) return this.damaged('the length of an event is wrong')
    const wide = WIDE_LENGTHS.has(code) ? 4 : 2
    const stop = head + length
    let n: number
    if (counted) {
      n = v.getUint32(head + 22, true)
      if (n > MAX_PARAMS || !this.measure(this.exitAt, head + HEADER_V2, n, wide, stop))
        return this.damaged('the parameters of an event do not fit into it')
    } else {
      n = this.count(head + HEADER_V1, mostOf[code] as number, wide, stop)
      if (n < 0) return this.damaged('the parameters of an event do not fit into it')
    }
    const timeLow = v.getUint32(head, true)
    const timeHigh = v.getUint32(head + 4, true)
    if (!this.started) this.setStart(timeHigh, timeLow)
    const time = (timeHigh - this.startHigh) * TWO32 + (timeLow - this.startLow)
    const tid = v.getInt32(head + 8, true)
    const base = head + headSize
    switch (role) {
      case Role.Silent:
        this.num++
        return Outcome.Done
      case Role.Enter:
      case Role.GenericEnter: {
        let program: Program | undefined
        if (role === Role.GenericEnter)
          program = n < 1 ? undefined : this.converter.generic(this.id(0), n < 2 ? -1 : this.id(1), 0)
        else if (this.both) program = this.converter.enter(code, n)
        if (program !== undefined && (this.both || program.noReturn)) {
          if (!this.row(batch, program, time, NO_LATENCY, tid, cpuAt, n, -1, flags)) return Outcome.Full
          if (this.both) batch.flags[batch.count - 1]! |= ROW.ENTER
        }
        this.num++
        this.keep(code, n, time, tid, head, length, wide, base)
        return Outcome.Done
      }
      case Role.Single: {
        const program = this.converter.exit(code, n, -1)
        if (program === undefined) break
        if (!this.row(batch, program, time, NO_LATENCY, tid, cpuAt, n, -1, flags)) return Outcome.Full
        if (HIDDEN_NAMES.has(code)) batch.flags[batch.count - 1]! |= ROW.HIDDEN
        if (code === PROCEXIT) this.gone(tid)
        break
      }
      default:
        return this.exit(batch, role, code, n, time, tid, cpuAt, flags)
    }
    this.num++
    return Outcome.Done
  }

  private exit(
    batch: EventBatch,
    role: Role,
    code: number,
    n: number,
    time: number,
    tid: number,
    cpuAt: number,
    flags: number,
  ): Outcome {
    const p = this.pending
    let slot = p.of(tid)
    let enterN = -1
    let latency = NO_LATENCY
    if (slot !== 0) {
      if (p.code[slot] === code - 1) {
        enterN = p.count[slot] as number
        latency = time - (p.time[slot] as number)
        if (latency < 0) latency = NO_LATENCY
        const at = p.at[slot] as number
        if (enterN > 0) this.measure(this.enterAt, at, enterN, p.wide[slot] as number, at + (p.length[slot] as number))
      } else slot = 0
    }
    const program = role === Role.GenericExit ? this.genericExit(n, enterN) : this.converter.exit(code, n, enterN)
    if (program !== undefined && !this.row(batch, program, time, latency, tid, cpuAt, n, enterN, flags))
      return Outcome.Full
    this.num++
    if (slot !== 0) p.release(tid, slot)
    if (program?.announces) this.announce(tid, n)
    return Outcome.Done
  }

  /** Joined with its enter event, a generic exit event knows the kernel's number of the call, too. */
  private genericExit(n: number, enterN: number): Program | undefined {
    if (n < 1) return undefined
    let native = n > 1 ? this.id(1) : -1
    if (native < 0 && enterN > 1 && !this.both) {
      const at = this.enterAt[1] as number
      if ((this.enterAt[2] as number) - at === 2) native = this.window.view.getUint16(at, true)
    }
    return this.converter.generic(this.id(0), native, 1)
  }

  /** libs' or the kernel's number of a generic event's call, -1 when it is not there. */
  private id(param: number): number {
    const at = this.exitAt[param] as number
    return (this.exitAt[param + 1] as number) - at === 2 ? this.window.view.getUint16(at, true) : -1
  }

  private keep(
    code: number,
    n: number,
    time: number,
    tid: number,
    head: number,
    length: number,
    wide: number,
    base: number,
  ): void {
    const p = this.pending
    const slot = p.slot(tid)
    if (slot === 0) return
    p.code[slot] = code
    p.count[slot] = n
    p.time[slot] = time
    p.at[slot] = base
    p.length[slot] = n === 0 ? 0 : head + length - base
    p.wide[slot] = wide
  }

  /** A fork or exec tells which process a thread belongs to. */
  private announce(tid: number, n: number): void {
    if (n < 5) return
    const at = this.exitAt
    const own = at[3] as number
    const pidAt = at[4] as number
    if ((at[4] as number) - own !== 8 || (at[5] as number) - pidAt !== 8) return
    if (this.window.view.getInt32(own, true) === tid) this.processes.set(tid, this.window.view.getInt32(pidAt, true))
  }

  private gone(tid: number): void {
    const slot = this.pending.of(tid)
    if (slot !== 0) this.pending.release(tid, slot)
    this.processes.set(tid, 0)
  }

  /** Finds the n parameters behind their lengths; false when they do not end within `stop`. */
  private measure(into: Int32Array, at: number, n: number, wide: number, stop: number): boolean {
    const v = this.window.view
    let end = at + n * wide
    if (end > stop) return false
    into[0] = end
    for (let i = 0; i < n; i++) {
      end += wide === 2 ? v.getUint16(at, true) : v.getUint32(at, true)
      at += wide
      if (end > stop) return false
      into[i + 1] = end
    }
    return true
  }

  /** Old headers have no count: the largest one whose lengths and values end where the event does. -1 when none fits. */
  private count(at: number, atMost: number, wide: number, stop: number): number {
    for (let n = atMost; n >= 0; n--) {
      if (!this.measure(this.exitAt, at, n, wide, stop)) continue
      if (this.exitAt[n] === stop) return n
    }
    return -1
  }

  /** Adds a row; false when the batch has no room for it. */
  private row(
    batch: EventBatch,
    program: Program,
    time: number,
    latency: number,
    tid: number,
    cpuAt: number,
    n: number,
    enterN: number,
    flags: number,
  ): boolean {
    const i = batch.count
    let to = batch.argOff[i] as number
    const most = 2 * STEP * program.steps.length + this.span(this.exitAt, n) + this.span(this.enterAt, enterN)
    if (i === batch.capacity || to + most > batch.arenaBytes) return false
    const src = this.window.bytes
    const v = this.window.view
    const out = batch.view
    const steps = program.steps
    const exitAt = this.exitAt
    let absent = 0
    let ret = Number.NaN
    for (let k = 0; k < steps.length; k += STEP) {
      const op = steps[k] as Op
      const source = steps[k + 1] as number
      const size = steps[k + 2] as number
      switch (op) {
        case Op.Number:
        case Op.EnterNumber: {
          const ends = op === Op.Number ? exitAt : this.enterAt
          const at = ends[source] as number
          const length = (ends[source + 1] as number) - at
          let low = 0
          let high = 0
          if (length >= 8) {
            low = v.getInt32(at, true)
            high = v.getInt32(at + 4, true)
          } else if (length >= 4) {
            low = v.getInt32(at, true)
            if (size >= SIGNED) high = low >> 31
          } else if (length === 2) {
            low = size >= SIGNED ? v.getInt16(at, true) : v.getUint16(at, true)
            high = low >> 31
          } else if (length === 1) {
            low = size >= SIGNED ? v.getInt8(at) : v.getUint8(at)
            high = low >> 31
          } else absent |= 1 << (steps[k + 3] as number)
          switch (size & (SIGNED - 1)) {
            case 4:
              out.setInt32(to, low, true)
              to += 4
              break
            case 8:
              out.setInt32(to, low, true)
              out.setInt32(to + 4, high, true)
              to += 8
              break
            case 2:
              out.setInt16(to, low, true)
              to += 2
              break
            default:
              out.setInt8(to, low)
              to += 1
          }
          break
        }
        case Op.Result:
        case Op.DynResult: {
          const at = (exitAt[source] as number) + (op === Op.DynResult ? 1 : 0)
          const length = (exitAt[source + 1] as number) - at
          if (length >= 8)
            ret =
              v.getUint32(at, true) + (size >= SIGNED ? v.getInt32(at + 4, true) : v.getUint32(at + 4, true)) * TWO32
          else if (length >= 4) ret = size >= SIGNED ? v.getInt32(at, true) : v.getUint32(at, true)
          else absent |= 1 << (steps[k + 3] as number)
          break
        }
        case Op.NoResult:
          absent |= 1 << (steps[k + 3] as number)
          break
        case Op.NoNumber:
          absent |= 1 << (steps[k + 3] as number)
          for (let b = 0; b < size; b++) out.setUint8(to + b, 0)
          to += size
          break
        case Op.NoBytes:
          absent |= 1 << (steps[k + 3] as number)
          out.setUint16(to, 0, true)
          to += 2
          break
        default: {
          const ends = op === Op.Bytes || op === Op.Text ? exitAt : this.enterAt
          const at = ends[source] as number
          let length = (ends[source + 1] as number) - at
          if (length === 0) absent |= 1 << (steps[k + 3] as number)
          else if ((op === Op.Text || op === Op.EnterText) && src[at + length - 1] === 0) length--
          if (length > VAR_LIMIT) length = VAR_LIMIT
          out.setUint16(to, length, true)
          to += 2
          if (length < 48) for (let b = 0; b < length; b++) batch.arena[to + b] = src[at + b] as number
          else batch.arena.set(src.subarray(at, at + length), to)
          to += length
        }
      }
    }
    const pid = this.processes.get(tid)
    batch.num[i] = this.num + 1
    batch.time[i] = time
    batch.latency[i] = latency
    batch.ret[i] = ret
    batch.tid[i] = tid
    batch.pid[i] = pid === 0 ? tid : pid
    batch.absent[i] = absent
    batch.type[i] = program.type
    batch.flags[i] =
      ((flags & STATE_ONLY) !== 0 ? ROW.HIDDEN | ROW.STATE : 0) | (program.state && !(ret < 0) ? ROW.STATE : 0)
    batch.cpu[i] = v.getUint16(cpuAt, true)
    if (batch.form !== undefined) batch.form[i] = program.form
    batch.argOff[i + 1] = to
    batch.count = i + 1
    return true
  }

  /** Bytes of n parameters. */
  private span(ends: Int32Array, n: number): number {
    return n <= 0 ? 0 : (ends[n] as number) - (ends[0] as number)
  }

  private damaged(what: string): Outcome {
    this.wrong = what
    return Outcome.Damaged
  }
}
