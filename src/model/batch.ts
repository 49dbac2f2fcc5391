// The column batch: the one format in which events flow from the kernel, from trace files and from .scap files.
import { ABI } from '../schema/abi.js'
import type { Arch, ParamDef } from '../schema/types.js'
import type { Snapshot } from './snapshot.js'

/** Bits of the `flags` column. native/abi.h has the same values (a test compares them). */
export const ROW = {
  /** only keeps the state correct and is not shown: the kernel filter rejected it, or it is one of ksys's own records */
  HIDDEN: 1,
  /** the call was restarted (ERESTART*) */
  RESTART: 2,
  /** a path was not resident at enter and was read at exit */
  REREAD: 4,
  /** a 32-bit (compat) call */
  COMPAT: 8,
  /** an enter event */
  ENTER: 16,
  /** changes the thread or fd tables */
  STATE: 32,
  /** arrived after later events had been delivered */
  LATE: 64,
  /** the call has not ended: its latency is the time until now */
  IN_FLIGHT: 128,
  /** in flight since before the capture: the latency is how long its thread has been blocked in it, so the call is at least that old */
  AT_LEAST: 256,
  /** represents calls that the kernel counted: `num` of them, equal in type and result; the latency is their sum */
  COUNTED: 512,
  /** the last four bytes of its arguments are the number of the call's stack, see stackOf() */
  STACK: 1024,
} as const

/** Number of events that a row with these flags and this number represents: 1, or the calls that the kernel counted. */
export function callsOf(flags: number, num: number): number {
  return (flags & ROW.COUNTED) === 0 ? 1 : num
}

/**
 * How a row was recorded, where that differs from its event's definition: which parameters it shows, under the names and types
 * they had. `index` is the position of each in the definition.
 */
export interface RowForm {
  /** code of the event whose rows have this layout */
  readonly type: number
  readonly params: readonly ParamDef[]
  readonly index: readonly number[]
  /** recorded only by the call's number: nothing but its name is available */
  readonly generic?: boolean
  /** libs' code of the event's version, if it was not the newest */
  readonly recordedAs?: number
}

/** Value of the latency column for "absent". */
export const NO_LATENCY = -1

/** Default capacities: rows and arena bytes of one batch. */
export const BATCH_ROWS = 4096
export const BATCH_ARENA = 1 << 20

/**
 * One batch of events. All columns lie in one ArrayBuffer, in the order below, each `capacity` long (argOff one more),
 * the arena last; native/batch.h computes the same layout.
 *
 * A row's arguments are at arena[argOff[i] .. rowEnd(batch, i)): first the fixed-size parameters in declared order, unaligned,
 * then the variable ones in declared order, each a u16 length and its bytes. `absent` has bit p set when parameter p has
 * no value; an absent fixed parameter still takes its bytes (zeros), an absent variable one has length 0.
 *
 * After the parameters follow, in this order, where the row has them:
 * - the rest of the row's data, of which the parameter then holds FIRST_DATA bytes; or one byte, the mark of a command line or
 *   environment that redaction changed after it was truncated (truncation.ts)
 * - the exact result as an i64, if it is INEXACT
 * - the number of the stack (ROW.STACK)
 */
export class EventBatch {
  count = 0
  /** evt.num */
  readonly num: Float64Array
  /** ns since the capture's start (CaptureInfo). In a live batch without rows the first value is the time up to which there were none. */
  readonly time: Float64Array
  /** ns, NO_LATENCY when unknown */
  readonly latency: Float64Array
  /** result of the call, -errno when it failed; NaN when it was not recorded (other tools' files) */
  readonly ret: Float64Array
  readonly tid: Int32Array
  readonly pid: Int32Array
  readonly absent: Uint32Array
  readonly argOff: Uint32Array
  readonly type: Uint16Array
  readonly flags: Uint16Array
  readonly cpu: Uint16Array
  /** where the arguments of rows end, if they are not stored in the order of the rows; undefined: where the next row's start */
  argEnd: Uint32Array | undefined = undefined
  readonly arena: Uint8Array
  readonly view: DataView
  /** flag values in the arena are the kernel's own (live, .ksys) rather than libs' portable ones (.scap) */
  native = true
  /** architecture of native flag values and structures */
  arch: Arch = 'x64'
  /** index into `forms` by row, 0 for rows recorded as their definition; only sources of other formats set it */
  form: Uint16Array | undefined = undefined
  forms: readonly (RowForm | undefined)[] = []
  /** what exists at this batch's first row: the input restarted (concatenated files), or some of it was lost (live) */
  resync: Snapshot | undefined = undefined

  constructor(
    readonly buffer: ArrayBuffer = new ArrayBuffer(batchBytes(BATCH_ROWS, BATCH_ARENA)),
    readonly capacity = BATCH_ROWS,
    readonly arenaBytes = BATCH_ARENA,
  ) {
    let at = 0
    const f64 = () => {
      const a = new Float64Array(buffer, at, capacity)
      at += capacity * 8
      return a
    }
    this.num = f64()
    this.time = f64()
    this.latency = f64()
    this.ret = f64()
    this.tid = new Int32Array(buffer, at, capacity)
    at += capacity * 4
    this.pid = new Int32Array(buffer, at, capacity)
    at += capacity * 4
    this.absent = new Uint32Array(buffer, at, capacity)
    at += capacity * 4
    this.argOff = new Uint32Array(buffer, at, capacity + 1)
    at += (capacity + 1) * 4
    const u16 = () => {
      const a = new Uint16Array(buffer, at, capacity)
      at += capacity * 2
      return a
    }
    this.type = u16()
    this.flags = u16()
    this.cpu = u16()
    this.arena = new Uint8Array(buffer, at, arenaBytes)
    this.view = new DataView(buffer, at, arenaBytes)
  }
}

/** Bytes of data in a parameter; if it is exactly this long, more may follow after the row's parameters. */
export const FIRST_DATA = ABI.KSYS_FIRST_DATA

/** From this value on, and below its negative, the result of a row is rounded. */
export const INEXACT = 2 ** 53

/** Arena offsets of what follows the parameters of row i, which end at `end`. `exact` is -1 if the result is only in its column. */
export function afterParameters(batch: EventBatch, i: number, end: number): { rest: number; exact: number } {
  let to = rowEnd(batch, i)
  if ((batch.flags[i]! & ROW.STACK) !== 0) to -= STACK_BYTES
  const exact = Math.abs(batch.ret[i] as number) >= INEXACT && to - EXACT_BYTES >= end ? to - EXACT_BYTES : -1
  return { rest: Math.max(end, exact < 0 ? to : exact), exact }
}

const EXACT_BYTES = 8

/** Where the arguments of row i end in the arena. */
export function rowEnd(batch: EventBatch, i: number): number {
  return (batch.argEnd === undefined ? batch.argOff[i + 1] : batch.argEnd[i]) as number
}

/** Number of row i's stack, which an earlier ks_stack row describes; undefined: none was recorded. */
export function stackOf(batch: EventBatch, i: number): number | undefined {
  if ((batch.flags[i]! & ROW.STACK) === 0) return undefined
  const at = rowEnd(batch, i) - STACK_BYTES
  return at < (batch.argOff[i] as number) ? undefined : batch.view.getUint32(at, true)
}

/** Bytes that a row with ROW.STACK has after its parameters. */
export const STACK_BYTES = 4

/** Bytes of an ArrayBuffer that holds a batch of `capacity` (even) rows and `arenaBytes` of arguments. */
export function batchBytes(capacity: number, arenaBytes: number): number {
  return capacity * (4 * 8 + 4 * 4 + 3 * 2) + 4 + arenaBytes
}
