// The walk over event blocks in TypeScript, for hosts where the addon is missing: the same rows as native/scap_fold.cc makes
// (a test holds both together), some times slower.
import { EventBatch, NO_LATENCY, ROW } from '../../model/batch.js'
import { FRAME, FRAME_HEAD, FRAME_TAIL } from '../blocks.js'
import { BIT, type Folder, KIND, MOST_WRONG, OUTCOME, REPORT, WRONG } from '../folder.js'
import { CODES, MARK, MAX_PARAMS, Role } from '../roles.js'
import { NATIVE } from '../tables.js'
import { Pending } from './pending.js'
import { Params, RowWriter } from './row.js'
import { IdTable } from './thread-ids.js'

const TWO32 = 4294967296
/** Event header: time, tid, length, code, and in newer versions the parameter count. */
const HEADER_OLD = 22
const HEADER = 26
/** The event is there only to keep the state true. */
const STATE_ONLY = 1

interface Given {
  readonly steps: Int32Array
  readonly type: number
  readonly form: number
  readonly bits: number
}

/** What became of an event: taken, or why it was not (an index into WRONG otherwise). */
const TAKEN = -1
const FULL = -2
const LACKS = -3

export class PlainFolder implements Folder {
  private readonly pending = new Pending()
  private readonly processes = new IdTable()
  /** by kind and key; null: there is none */
  private readonly programs = new Map<number, Given | null>()
  private readonly needed = [0, 0, 0, 0]
  private lacks = false
  private readonly exit = new Params()
  private readonly enter = new Params()
  private readonly writer = new RowWriter(this.exit, this.enter)
  private readonly batches: EventBatch[] = []
  private batch = new EventBatch(new ArrayBuffer(64), 0, 0)
  private forms = new Uint16Array(0)
  private num = 0
  private unknown = 0
  private startHigh = 0
  private startLow = 0
  private started = false
  /** of the event that is being taken */
  private time = 0
  private tid = 0
  private cpu = 0
  private flags = 0

  constructor(
    private readonly roles: Uint8Array,
    private readonly most: Uint8Array,
    private readonly marks: Uint8Array,
    private readonly blocks: Uint32Array,
    private readonly generics: number,
    private readonly natives: number,
    private readonly both: boolean,
  ) {}

  start(high: number, low: number): void {
    this.startHigh = high
    this.startLow = low
    this.started = true
  }

  clear(): void {
    this.pending.clear()
    this.processes.clear()
  }

  process(tid: number, pid: number): void {
    this.processes.set(tid, pid)
  }

  give(kind: number, a: number, n: number, enterN: number, steps?: Int32Array, type = 0, form = 0, bits = 0): void {
    this.programs.set(keyOf(kind, a, n, enterN), steps === undefined ? null : { steps, type, form, bits })
  }

  async fold(
    bytes: Uint8Array,
    from: number,
    end: number,
    buffer: ArrayBuffer,
    capacity: number,
    arenaBytes: number,
    forms: Uint16Array<ArrayBuffer>,
    rows: number,
    report: Float64Array,
  ): Promise<void> {
    this.forms = forms
    this.batch = this.batchOf(buffer, capacity, arenaBytes)
    this.batch.count = rows
    if (rows === 0) this.batch.argOff[0] = 0
    this.exit.of(bytes)
    const { view } = this.exit
    let at = from
    let wrong = 0
    let outcome: number = OUTCOME.MORE
    while (end - at >= FRAME_HEAD) {
      const length = view.getUint32(at + 4, true)
      if (length < FRAME || length > end - at || (length & 3) !== 0) break
      const type = this.blocks.indexOf(view.getUint32(at, true))
      if (type < 0 || type % 3 !== 0 || view.getUint32(at + length - FRAME_TAIL, true) !== length) break
      this.lacks = false
      let done = this.event(at, length, this.blocks[type + 1] === 1, this.blocks[type + 2] === 1)
      if (done === LACKS) {
        outcome = OUTCOME.PROGRAM
        break
      }
      if (done === FULL && this.batch.count > 0) {
        outcome = OUTCOME.FULL
        break
      }
      if (done === FULL) done = WRONG.indexOf('an event is too large')
      if (done >= 0 && wrong < MOST_WRONG) {
        report[REPORT.HEAD + 2 * wrong] = at
        report[REPORT.HEAD + 2 * wrong++ + 1] = done
      }
      at += length
    }
    report.set([outcome, at, this.batch.count, this.unknown, ...this.needed, wrong])
  }

  /** The batch over a buffer; there are only two, in turn. */
  private batchOf(buffer: ArrayBuffer, capacity: number, arenaBytes: number): EventBatch {
    let found = this.batches.find((b) => b.buffer === buffer)
    if (found === undefined) {
      found = new EventBatch(buffer, capacity, arenaBytes)
      if (this.batches.push(found) > 2) this.batches.shift()
    }
    return found
  }

  private event(block: number, length: number, counted: boolean, flagged: boolean): number {
    const v = this.exit.view
    const end = block + length - FRAME_TAIL
    const head = block + FRAME_HEAD + 2 + (flagged ? 4 : 0)
    if (head > end) return WRONG.indexOf('an event block is too short')
    const headSize = counted ? HEADER : HEADER_OLD
    if (head + headSize > end) return WRONG.indexOf('an event is shorter than its header')
    const code = v.getUint16(head + 20, true)
    const role = (code < CODES ? this.roles[code] : Role.Unknown) as Role
    if (role === Role.Unknown) {
      this.unknown++
      return TAKEN
    }
    const marks = this.marks[code] as number
    let size = v.getUint32(head + 16, true)
    if (!counted && (marks & MARK.THREE_TOO_LONG) !== 0) size -= 3
    if (size < headSize || head + size > end) return WRONG.indexOf('the length of an event is wrong')
    const wide = (marks & MARK.WIDE) !== 0 ? 4 : 2
    const base = head + headSize
    const stop = head + size
    let n: number
    if (counted) {
      n = v.getUint32(head + 22, true)
      if (n > MAX_PARAMS || !this.exit.measure(base, n, wide, stop)) n = -1
    } else n = this.count(base, this.most[code] as number, wide, stop)
    if (n < 0) return WRONG.indexOf('the parameters of an event do not fit into it')
    const low = v.getUint32(head, true)
    const high = v.getUint32(head + 4, true)
    if (!this.started) this.start(high, low)
    this.time = (high - this.startHigh) * TWO32 + (low - this.startLow)
    this.tid = v.getInt32(head + 8, true)
    this.cpu = v.getUint16(block + FRAME_HEAD, true)
    this.flags = flagged ? v.getUint32(head - 4, true) : 0
    switch (role) {
      case Role.Enter:
      case Role.GenericEnter:
        return this.takeEnter(role, code, n, wide, base, stop)
      case Role.Single:
        return this.takeSingle(code, n, marks)
      case Role.Exit:
      case Role.GenericExit:
        return this.takeExit(role, code, n)
      default:
        this.num++
        return TAKEN
    }
  }

  private takeEnter(role: Role, code: number, n: number, wide: number, base: number, stop: number): number {
    let p: Given | undefined
    if (role === Role.GenericEnter) {
      if (n >= 1) p = this.generic(this.exit.u16(0), n < 2 ? -1 : this.exit.u16(1), 0)
    } else if (this.both) p = this.lookUp(KIND.ENTER, code, Math.min(n, this.most[code] as number), -1)
    if (this.lacks) return LACKS
    if (p !== undefined && (this.both || (p.bits & BIT.NO_RETURN) !== 0))
      if (!this.row(p, NO_LATENCY, n, -1, this.both ? ROW.ENTER : 0)) return FULL
    this.num++
    this.pending.keep(this.tid, code, n, wide, this.time, this.exit.bytes, base, stop)
    return TAKEN
  }

  private takeSingle(code: number, n: number, marks: number): number {
    const p = this.lookUp(KIND.EXIT, code, Math.min(n, this.most[code] as number), -1)
    if (this.lacks) return LACKS
    if (p !== undefined) {
      if (!this.row(p, NO_LATENCY, n, -1, (marks & MARK.HIDDEN) !== 0 ? ROW.HIDDEN : 0)) return FULL
      if ((marks & MARK.ENDS_THREAD) !== 0) {
        const slot = this.pending.of(this.tid)
        if (slot !== 0) this.pending.release(this.tid, slot)
        this.processes.set(this.tid, 0)
      }
    }
    this.num++
    return TAKEN
  }

  private takeExit(role: Role, code: number, n: number): number {
    const { pending, exit, enter } = this
    let slot = pending.of(this.tid)
    let enterN = -1
    let latency: number = NO_LATENCY
    if (slot !== 0 && pending.code[slot] === code - 1) {
      enterN = pending.count[slot] as number
      latency = this.time - (pending.time[slot] as number)
      if (latency < 0) latency = NO_LATENCY
      if (enterN > 0) {
        const at = pending.at(slot)
        enter.of(pending.bytes(slot))
        enter.measure(at, enterN, pending.wide[slot] as number, at + (pending.length[slot] as number))
      }
    } else slot = 0
    let p: Given | undefined
    if (role === Role.Exit) {
      const mostEnter = this.most[code - 1] as number
      p = this.lookUp(KIND.EXIT, code, Math.min(n, this.most[code] as number), Math.min(enterN, mostEnter))
    } else if (n >= 1) {
      // joined with its enter event, a generic exit event knows the kernel's number of the call, too
      let native = n > 1 ? exit.u16(1) : -1
      if (native < 0 && enterN > 1 && !this.both) native = enter.u16(1)
      p = this.generic(exit.u16(0), native, 1)
    }
    if (this.lacks) return LACKS
    if (p !== undefined && !this.row(p, latency, n, enterN, 0)) return FULL
    this.num++
    if (slot !== 0) pending.release(this.tid, slot)
    if (p !== undefined && (p.bits & BIT.ANNOUNCES) !== 0) this.announce(n)
    return TAKEN
  }

  /** A fork or exec tells which process a thread belongs to. */
  private announce(n: number): void {
    const { ends, view } = this.exit
    const own = ends[3] as number
    const pid = ends[4] as number
    if (n < 5 || pid - own !== 8 || (ends[5] as number) - pid !== 8) return
    if (view.getInt32(own, true) === this.tid) this.processes.set(this.tid, view.getInt32(pid, true))
  }

  /** Old headers have no count: the largest one whose lengths and values end where the event does. -1 when none fits. */
  private count(at: number, most: number, wide: number, stop: number): number {
    for (let n = most; n >= 0; n--) if (this.exit.measure(at, n, wide, stop) && this.exit.ends[n] === stop) return n
    return -1
  }

  private generic(id: number, native: number, direction: number): Given | undefined {
    if (id === 0 && native >= 0)
      return this.lookUp(KIND.GENERIC, NATIVE + Math.min(native, this.natives), direction, -1)
    return id < 0 || id >= this.generics ? undefined : this.lookUp(KIND.GENERIC, id, direction, -1)
  }

  private lookUp(kind: number, a: number, n: number, enterN: number): Given | undefined {
    const found = this.programs.get(keyOf(kind, a, n, enterN))
    if (found === undefined) {
      this.lacks = true
      this.needed[0] = kind
      this.needed[1] = a
      this.needed[2] = n
      this.needed[3] = enterN
    }
    return found ?? undefined
  }

  /** Adds a row; false when the batch has no room for it. */
  private row(p: Given, latency: number, n: number, enterN: number, more: number): boolean {
    const { batch, writer, tid } = this
    const i = batch.count
    if (!writer.write(batch, i, p.steps, n, enterN)) return false
    const pid = this.processes.get(tid)
    const { ret } = writer
    batch.num[i] = this.num + 1
    batch.time[i] = this.time
    batch.latency[i] = latency
    batch.ret[i] = ret
    batch.tid[i] = tid
    batch.pid[i] = pid === 0 ? tid : pid
    batch.absent[i] = writer.absent
    batch.type[i] = p.type
    const changes = (p.bits & BIT.STATE) !== 0 && !(ret < 0)
    batch.flags[i] = more | ((this.flags & STATE_ONLY) !== 0 ? ROW.HIDDEN | ROW.STATE : 0) | (changes ? ROW.STATE : 0)
    batch.cpu[i] = this.cpu
    this.forms[i] = p.form
    batch.count = i + 1
    return true
  }
}

function keyOf(kind: number, a: number, n: number, enterN: number): number {
  return ((a * 64 + n) * 64 + enterN + 1) * 4 + kind
}
