// Packs event declarations into the descriptors that drive the kernel side (struct ksys_desc of native/abi.h).
import {
  ABI,
  BYTES,
  BYTES_SKIP,
  CASE_BYTES,
  COUNT_RESULT,
  DESC,
  DESC_BYTES,
  FDS,
  OPS,
  type Op,
  SPECIALS,
  STR,
  TUPLE,
} from './abi.js'
import type { Arch, BytesSource, CaseTable, EventDef, ParamDef, TextSource, Wire } from './types.js'

const WIDTH: Record<Wire, number> = { ret: 0, i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, i64: 8, u64: 8, var: 0 }

/** An argument that no call has: a NULL pointer, what is behind it is absent. */
const NO_ARG = 7
const NONE = 255

interface OpWord {
  op: Op
  n?: number
  size?: number
  b?: number
  c?: number
  flag?: number
  param: number
}

/** What a call's success changes beside its own record, by call name. */
const EFFECTS: Readonly<Record<string, number>> = {
  chdir: DESC.CWD,
  fchdir: DESC.CWD,
  chroot: DESC.CWD,
  pivot_root: DESC.CWD | DESC.STATE,
  setns: DESC.CWD | DESC.CREDS,
  unshare: DESC.CWD | DESC.CREDS,
  setuid: DESC.CREDS,
  setgid: DESC.CREDS,
  setreuid: DESC.CREDS,
  setregid: DESC.CREDS,
  setresuid: DESC.CREDS,
  setresgid: DESC.CREDS,
  capset: DESC.CREDS,
  clone: DESC.BORN | DESC.FDS,
  clone3: DESC.BORN | DESC.FDS,
  fork: DESC.BORN,
  vfork: DESC.BORN,
  pidfd_getfd: DESC.FDS,
  recvmsg: DESC.FDS | DESC.TABLE,
  recvmmsg: DESC.FDS | DESC.TABLE,
  ioctl: DESC.FDS | DESC.TABLE,
  seccomp: DESC.FDS | DESC.TABLE,
  close_range: DESC.UNSHARE,
}

/** Calls that change descriptors alone, beside those that make or end one. */
const OF_TABLE = new Set([
  'bind',
  'connect',
  'listen',
  'shutdown',
  'socketpair',
  'pipe',
  'pipe2',
  'fcntl',
  'close_range',
  'bpf',
])

/** Calls whose enter event, where one is recorded, already changes the state. */
const ENTER_STATE = new Set(['connect'])

function changesTableOnly(def: EventDef): boolean {
  return def.state === true && (def.fdEffect === 'creates' || def.fdEffect === 'destroys' || OF_TABLE.has(def.name))
}

const FDS_AT: Readonly<Record<string, number>> = {
  recvmsg: FDS.MESSAGE,
  recvmmsg: FDS.MESSAGES,
  ioctl: FDS.IOCTL,
  clone: FDS.CLONE,
  clone3: FDS.CLONE3,
  seccomp: FDS.SECCOMP,
}

function fixedOp(p: ParamDef, param: number): OpWord {
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

function bytesOp(bytes: BytesSource, param: number, arch: Arch): OpWord {
  const f = arch === 'arm64' ? (bytes.arm64 ?? bytes) : bytes
  const flag =
    (f.on === 'ok' ? BYTES.ON_OK : f.on === 'fail' ? BYTES.ON_FAIL : 0) |
    (f.native ? BYTES.NATIVE : 0) |
    (f.countBits ? BYTES.BITS : 0) |
    (f.countAt ? BYTES.AT : 0) |
    (f.itself ? BYTES.ITSELF : 0) |
    (f.within !== undefined ? BYTES.WITHIN : 0) |
    (f.data ? BYTES.DATA : 0)
  const size = f.count === undefined ? (f.off ?? 0) / 4 : (f.within ?? f.each ?? 1)
  if (!Number.isInteger(size) || size > 255 || f.size > 0xffff)
    throw new Error('bytes that the kernel side cannot copy')
  const skip = f.via ? BYTES_SKIP.VIA : f.count === undefined ? 0 : (f.off ?? 0) / 8
  if (!f.via && (!Number.isInteger(skip) || skip > BYTES_SKIP.MOST)) throw new Error('bytes that lie too far behind')
  return {
    ...{ op: 'BYTES', n: f.n, size, b: f.count === 'ret' ? COUNT_RESULT : (f.count ?? NONE), c: f.size, flag },
    param: param | (skip << BYTES_SKIP.SHIFT),
  }
}

function textOp(f: TextSource, param: number): OpWord {
  const flag = (f.at === 'enter' ? STR.ENTER : 0) | (f.onOk ? STR.ON_OK : 0) | (f.via === undefined ? 0 : STR.VIA)
  return { op: 'STR', n: f.n, flag, b: NONE, c: f.via ?? 0, param }
}

const tableIds = new Map<CaseTable, number>()

/** Number of a table of cases; they are numbered as they come. */
function tableId(table: CaseTable): number {
  const id = tableIds.get(table) ?? tableIds.size + 1
  if (id > 255) throw new Error('too many tables of cases')
  tableIds.set(table, id)
  return id
}

function varOp(def: EventDef, p: ParamDef, param: number, arch: Arch): OpWord {
  const f = p.from
  switch (f.op) {
    case 'str':
      return textOp(f, param)
    case 'buf':
      return { op: 'BUF', n: f.n, b: f.len === 'ret' ? NONE : (f.arg ?? NONE), flag: f.onOk ? 1 : 0, param }
    case 'iovec':
      return { op: 'IOVEC', n: f.n, b: f.cnt, flag: f.len === 'sum' ? 1 : 0, param }
    case 'msgdata': {
      const failedToo = f.len === 'sum' && def.name.startsWith('send')
      return { op: 'MSGDATA', n: f.n, flag: failedToo ? 1 : 0, param }
    }
    case 'msgcontrol':
      return { op: 'MSGCONTROL', n: f.n, param }
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
    case 'case':
      return { op: 'CASE', n: f.n, size: tableId(f.table), c: f.table.mask ?? 0, param }
    default:
      throw new Error(`event ${def.name}: the kernel side cannot make parameter ${p.name} from "${f.op}"`)
  }
}

/** Operations of a call: the fixed parameters, then the variable ones; neighbours that one operation writes are one. */
function operations(def: EventDef, arch: Arch): OpWord[] {
  const words: OpWord[] = []
  const special = def.special !== undefined
  for (const isVar of [false, true]) {
    let run = ''
    def.params.forEach((p, i) => {
      if (p.wire === 'ret' || (p.wire === 'var') !== isVar) return
      const kind = p.from.op === 'vm' || (p.from.op === 'special' && special) ? p.from.op : ''
      if (kind !== '' && kind === run) return
      run = kind
      const before = words[words.length - 1]
      if (p.from.op === 'ino' && p.from.n < 0 && before?.op === 'DEV' && before.n === NONE) before.op = 'DEVINO'
      else if (kind === 'special') words.push({ op: 'SPECIAL', b: isVar ? 1 : 0, param: i })
      else words.push(isVar ? varOp(def, p, i, arch) : fixedOp(p, i))
    })
  }
  return words
}

function specialIndex(def: EventDef): number {
  if (def.special === undefined) return 0
  const name = def.special === 'sockopt' ? def.name : def.special
  const i = SPECIALS.indexOf(name.toUpperCase() as (typeof SPECIALS)[number])
  if (i < 1) throw new Error(`event ${def.name}: there is no special filler "${def.special}" in native/bpf`)
  return i
}

/** Calls whose number is known at their beginning only. */
const NUMBER_LOST = new Set(['rt_sigreturn', 'execveat'])

/** Writes a descriptor at byte `at` that makes records without arguments and keeps no state true. */
export function packBare(view: DataView, at: number, def: EventDef): void {
  view.setUint16(at, def.code, true)
  const kept = def.noReturn ? DESC.NORETURN | DESC.ENTER : NUMBER_LOST.has(def.name) ? DESC.ENTER : 0
  view.setUint16(at + 2, kept | ((EFFECTS[def.name] ?? 0) & DESC.BORN), true)
}

/** Has the enter side of all calls of a table looked at. */
export function lookAtEnter(table: Uint8Array): void {
  for (let at = 2; at < table.length; at += DESC_BYTES) table[at] = (table[at] as number) | DESC.ENTER
}

/** Writes a call's descriptor at byte `at`. */
export function packDescriptor(view: DataView, at: number, def: EventDef, enter: boolean, arch: Arch): void {
  const words = operations(def, arch)
  if (words.length > ABI.KSYS_MAX_OPS) throw new Error(`event ${def.name} needs ${words.length} filler operations`)
  if (def.noReturn && words.some((w) => w.op !== 'ARG'))
    throw new Error(`event ${def.name} does not return: only plain arguments`)
  const paths = words.filter((w) => w.op === 'STR' && (w.flag ?? 0) & STR.ENTER).slice(0, 2)
  paths.forEach((w, i) => {
    w.b = i
    view.setUint8(at + 6 + i, (w.n ?? 0) + 1)
  })
  const timeout = words.find((w) => w.op === 'TIMESPEC' && w.flag === 1)
  if (timeout !== undefined) view.setUint8(at + 6, ABI.KEEP_TIMESPEC + (timeout.n ?? 0) + 1)
  const kept = words.some((w) => w.op === 'KEPT')
  if (kept) view.setUint8(at + 6, ABI.KEEP_SELECT)
  const flags =
    (def.state && (!enter || ENTER_STATE.has(def.name)) ? DESC.STATE : 0) |
    (changesTableOnly(def) ? DESC.TABLE : 0) |
    (def.noReturn ? DESC.NORETURN : 0) |
    (paths.length > 0 || timeout !== undefined || kept ? DESC.FD_STR_ENTER : 0) |
    (EFFECTS[def.name] ?? 0) |
    ((FDS_AT[def.name] ?? FDS.RETURNED) << DESC.FDS_KIND)
  const looked = flags & (DESC.STATE | DESC.NORETURN | DESC.FD_STR_ENTER) ? DESC.ENTER : 0
  view.setUint16(at, def.code, true)
  view.setUint16(at + 2, flags | looked, true)
  view.setUint8(at + 4, enter ? 0 : specialIndex(def))
  view.setUint8(at + 5, words.length)
  words.forEach((w, i) => {
    packOp(view, at + 8 + 8 * i, w)
  })
}

function packOp(view: DataView, at: number, w: OpWord): void {
  view.setUint8(at, OPS.indexOf(w.op))
  view.setUint8(at + 1, w.n ?? 0)
  view.setUint8(at + 2, w.size ?? 0)
  view.setUint8(at + 3, w.b ?? 0)
  view.setUint16(at + 4, w.c ?? 0, true)
  view.setUint8(at + 6, w.flag ?? 0)
  view.setUint8(at + 7, w.param)
}

/** CASE_HASH of native/abi.h. */
function caseHash(table: number, value: number): number {
  return ((Math.imul(value, 0x9e3779b1) ^ Math.imul(table, 0x85ebca6b)) >>> 22) & (ABI.KSYS_CASES - 1)
}

/** Fills the table of KSYS_CASES places with the cases that calls among `defs` have. */
export function packCases(out: Uint8Array, defs: readonly (EventDef | undefined)[], arch: Arch): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength)
  const tables = new Set(
    defs.flatMap((d) => d?.params ?? []).flatMap((p) => (p.from.op === 'case' ? [p.from.table] : [])),
  )
  for (const table of tables)
    for (const [value, { from }] of table.cases) if (from !== undefined) packCase(view, table, value, from, arch)
}

function packCase(view: DataView, table: CaseTable, value: number, from: ParamDef['from'], arch: Arch): void {
  const id = tableId(table)
  const first = caseHash(id, value)
  for (let i = 0; i < ABI.KSYS_CASE_PROBES; i++) {
    const at = ((first + i) & (ABI.KSYS_CASES - 1)) * CASE_BYTES
    if (view.getUint32(at + 12, true) !== 0) continue
    packOp(view, at, from.op === 'bytes' ? bytesOp(from, 0, arch) : textOp(from as TextSource, 0))
    view.setUint32(at + 8, value, true)
    view.setUint32(at + 12, id, true)
    return
  }
  throw new Error(`no place for case ${value} of ${table.name}: enlarge KSYS_CASES`)
}

/**
 * Fills a table of KSYS_MAX_NR descriptors with the calls among `defs`, by their number on this architecture. enter: the
 * definitions are those of enter events. bare: records without arguments. Numbers without a definition stay zero: such
 * calls are not recorded.
 */
export function packTable(
  table: Uint8Array,
  defs: readonly (EventDef | undefined)[],
  arch: Arch,
  enter: boolean,
  bare = false,
): void {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  for (const def of defs) {
    const nr = def?.nr?.[arch]
    if (def === undefined || nr === undefined || nr >= ABI.KSYS_MAX_NR) continue
    const isEnter = def.code % 2 === 0
    if (isEnter !== enter) continue
    if (bare) packBare(view, nr * DESC_BYTES, def)
    else packDescriptor(view, nr * DESC_BYTES, def, enter, arch)
  }
}
