// Converts parameter declarations to the operations by which the kernel side records them (struct ksys_opd of native/abi.h).
import { BYTES, BYTES_SKIP, COUNT_RESULT, OPS, type Op, STR, TUPLE } from './abi.js'
import type { BytesSource, CaseTable, TextSource } from './sources.js'
import type { Arch, EventDef, ParamDef, Wire } from './types.js'

const WIDTH: Record<Wire, number> = { ret: 0, i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, i64: 8, u64: 8, var: 0 }

/** An argument index that no call has: a NULL pointer, what it would point to is absent. */
const NO_ARG = 7
/** Placeholder for no descriptor, no length: an argument that does not exist. */
export const NONE = 255

/** One operation; see struct ksys_opd for the meaning of its numbers. */
export interface OpWord {
  op: Op
  n?: number
  size?: number
  b?: number
  c?: number
  flag?: number
  param: number
}

/** The operation for a variable parameter that is always absent. */
export function absentOp(param: number): OpWord {
  return { op: 'STR', n: NO_ARG, b: NONE, param }
}

/** The operation for a parameter of fixed size. */
export function fixedOp(p: ParamDef, param: number): OpWord {
  const f = p.from
  const size = WIDTH[p.wire]
  switch (f.op) {
    case 'arg':
      return { op: 'ARG', n: f.n, size, param }
    case 'opened':
      return { op: 'OPENED', n: f.n, flag: f.deref ? 1 : 0, param }
    case 'deref':
      return { op: 'DEREF', n: f.n, size, c: f.off, flag: (f.onOk ? 1 : 0) | (f.wide ? 2 : 0), param }
    case 'timespec':
      return { op: 'TIMESPEC', n: f.n, flag: f.at === 'enter' ? 1 : 0, param }
    case 'iovsize':
      return { op: 'IOVSIZE', n: f.n, b: f.cnt, param }
    case 'msgsize':
      return { op: 'MSGSIZE', n: f.n, param }
    case 'vm':
      return { op: 'VM', param }
    case 'dev':
      return { op: 'DEV', n: f.n < 0 ? NONE : f.n, param }
    case 'ino':
      return { op: 'INO', n: f.n < 0 ? NONE : f.n, flag: f.deref ? 1 : 0, param }
    default:
      return { op: 'DEREF', n: NO_ARG, size, param }
  }
}

function tupleFlags(f: Extract<ParamDef['from'], { op: 'tuple' }>): number {
  const dir = f.dir ?? (f.n < 0 ? 'in' : 'out')
  return (f.msg ? TUPLE.MSG : 0) | (dir === 'in' ? TUPLE.IN : TUPLE.OUT)
}

function bytesFlags(f: BytesSource): number {
  const when = f.on === 'ok' ? BYTES.ON_OK : f.on === 'fail' ? BYTES.ON_FAIL : 0
  return (
    when |
    (f.native ? BYTES.NATIVE : 0) |
    (f.countBits ? BYTES.BITS : 0) |
    (f.countAt ? BYTES.AT : 0) |
    (f.itself ? BYTES.ITSELF : 0) |
    (f.within !== undefined ? BYTES.WITHIN : 0) |
    (f.data ? BYTES.DATA : 0)
  )
}

/** Where the bytes start after the pointer: through another pointer, or a number of 8-byte steps. */
function bytesSkip(f: BytesSource): number {
  if (f.via) return BYTES_SKIP.VIA
  const skip = f.count === undefined ? 0 : (f.off ?? 0) / 8
  if (!Number.isInteger(skip) || skip > BYTES_SKIP.MOST) throw new Error('bytes that lie too far behind')
  return skip
}

/** The operation that copies bytes. */
export function bytesOp(bytes: BytesSource, param: number, arch: Arch): OpWord {
  const f = arch === 'arm64' ? (bytes.arm64 ?? bytes) : bytes
  const size = f.count === undefined ? (f.off ?? 0) / 4 : (f.within ?? f.each ?? 1)
  if (!Number.isInteger(size) || size > 255 || f.size > 0xffff)
    throw new Error('bytes that the kernel side cannot copy')
  const b = f.count === 'ret' ? COUNT_RESULT : (f.count ?? NONE)
  return {
    ...{ op: 'BYTES', n: f.n, size, b, c: f.size, flag: bytesFlags(f) },
    param: param | (bytesSkip(f) << BYTES_SKIP.SHIFT),
  }
}

/** The operation that copies a text. */
export function textOp(f: TextSource, param: number): OpWord {
  const flag = (f.at === 'enter' ? STR.ENTER : 0) | (f.onOk ? STR.ON_OK : 0) | (f.via === undefined ? 0 : STR.VIA)
  return { op: 'STR', n: f.n, flag, b: NONE, c: f.via ?? 0, param }
}

const tableIds = new Map<CaseTable, number>()

/** Number of a table of cases; tables are numbered in the order of first use. */
export function tableId(table: CaseTable): number {
  const id = tableIds.get(table) ?? tableIds.size + 1
  if (id > 255) throw new Error('too many tables of cases')
  tableIds.set(table, id)
  return id
}

/** The operation for a variable parameter. */
export function varOp(def: EventDef, p: ParamDef, param: number, arch: Arch): OpWord {
  const f = p.from
  switch (f.op) {
    case 'str':
      return textOp(f, param)
    case 'buf':
      return { op: 'BUF', n: f.n, b: f.len === 'ret' ? NONE : (f.arg ?? NONE), flag: f.onOk ? 1 : 0, param }
    case 'iovec':
      return { op: 'IOVEC', n: f.n, b: f.cnt, flag: f.len === 'sum' ? 1 : 0, param }
    case 'msgdata':
      return { op: 'MSGDATA', n: f.n, flag: f.len === 'sum' ? 1 : 0, param }
    case 'msgcontrol':
      return { op: 'MSGCONTROL', n: f.n, flag: f.fromCaller ? 1 : 0, param }
    case 'sockaddr':
      return { op: 'SOCKADDR', n: f.n, b: f.len ?? NONE, c: f.lenptr ?? NONE, param }
    case 'tuple':
      return { op: 'TUPLE', n: f.n < 0 ? NONE : f.n, b: f.peer ?? NONE, flag: tupleFlags(f), param }
    case 'fdlist':
      return { op: 'FDLIST', n: f.n, b: f.cnt, param }
    case 'bytes':
      return bytesOp(f, param, arch)
    case 'each':
      return { op: 'EACH', n: f.n, b: f.count, size: f.each, c: f.size, param }
    case 'kept':
      return { op: 'KEPT', n: f.which, param }
    case 'begun':
      return { op: 'KEPT', n: f.n, flag: 1, param }
    case 'case':
      return { op: 'CASE', n: f.n, size: tableId(f.table), c: f.table.mask ?? 0, param }
    default:
      throw new Error(`event ${def.name}: the kernel side cannot make parameter ${p.name} from "${f.op}"`)
  }
}

/** Writes an operation at byte `at`. */
export function packOp(view: DataView, at: number, w: OpWord): void {
  view.setUint8(at, OPS.indexOf(w.op))
  view.setUint8(at + 1, w.n ?? 0)
  view.setUint8(at + 2, w.size ?? 0)
  view.setUint8(at + 3, w.b ?? 0)
  view.setUint16(at + 4, w.c ?? 0, true)
  view.setUint8(at + 6, w.flag ?? 0)
  view.setUint8(at + 7, w.param)
}
