// Packs event declarations into the descriptors that control the kernel side (struct ksys_desc of native/abi.h).
import { ABI, BYTES_SKIP, DESC, DESC_BYTES, DESC_EMPTY, DESC_HEAD, FDS, SPECIALS, STR } from './abi.js'
import { isStruct } from './data-params.js'
import { rowLayout } from './layout.js'
import { absentOp, fixedOp, NONE, type OpWord, packOp, tableId, varOp } from './operations.js'
import type { Arch, EventDef, ParamDef, PrivacyOption } from './types.js'

const RENEWS = { cwd: DESC.CWD, creds: DESC.CREDS } as const
const FDS_IN = {
  result: FDS.RETURNED,
  message: FDS.MESSAGE,
  messages: FDS.MESSAGES,
  ioctl: FDS.IOCTL,
  clone: FDS.CLONE,
  seccomp: FDS.SECCOMP,
  uring: FDS.URING,
} as const

/** What a call's success changes besides its own record. */
function effects(def: EventDef): number {
  const { task, renews, fdsIn, unsharesFds, state, changes } = def
  return (
    (renews ?? []).reduce<number>((bits, what) => bits | RENEWS[what], 0) |
    (task === 'fork' ? DESC.BORN : 0) |
    (fdsIn === undefined ? 0 : DESC.FDS | (FDS_IN[fdsIn] << DESC.FDS_KIND)) |
    (unsharesFds ? DESC.UNSHARE : 0) |
    ((state || fdsIn !== undefined) && changes === undefined ? DESC.TABLE : 0)
  )
}

/** Operations of a call: the fixed parameters, then the variable ones; adjacent parameters that one operation writes are merged. */
function operations(def: EventDef, how: Packing): OpWord[] {
  return [...operationsOf(def, how, false), ...operationsOf(def, how, true)]
}

function operationsOf(def: EventDef, how: Packing, isVar: boolean): OpWord[] {
  const words: OpWord[] = []
  let run = ''
  for (const [i, p] of def.params.entries()) {
    if (p.wire === 'ret' || (p.wire === 'var') !== isVar) continue
    const kind = writesNeighbours(p, def) ? p.from.op : ''
    if (kind !== '' && kind === run) continue
    run = kind
    const before = words[words.length - 1]
    if (isInodeOf(p, before)) before.op = 'DEVINO'
    else words.push(wordOf(def, i, how, kind === 'special'))
  }
  return words
}

/** The operation for parameter i of an event; special: its filler writes it. */
function wordOf(def: EventDef, i: number, how: Packing, special: boolean): OpWord {
  const p = def.params[i] as ParamDef
  const isVar = p.wire === 'var'
  if (special) return { op: 'SPECIAL', b: isVar ? 1 : 0, size: tableOf(p), param: i }
  if (!isVar) return fixedOp(p, i)
  return isOmitted(p, how) ? absentOp(i) : varOp(def, p, i, how.arch)
}

/** Whether the parameter is not even read. If that depends on the row, it is removed after the kernel side. */
function isOmitted(p: ParamDef, { structs, spared }: Packing): boolean {
  if (structs === false && isStruct(p)) return true
  const { omittedBy } = p
  return omittedBy !== undefined && omittedBy.when === undefined && spared?.has(omittedBy.by) === true
}

/** The number of the table that a special filler receives; 0: none. */
function tableOf({ from }: ParamDef): number {
  return from.op === 'special' && from.table !== undefined ? tableId(from.table) : 0
}

/** Whether the parameter is the inode of the file whose device the operation before it reads. */
function isInodeOf({ from }: ParamDef, before: OpWord | undefined): before is OpWord {
  return from.op === 'ino' && from.n < 0 && before?.op === 'DEV' && before.n === NONE
}

/** Whether the parameter's operation also writes the following parameters of the same kind. */
function writesNeighbours({ from: { op } }: ParamDef, def: EventDef): boolean {
  return op === 'vm' || (op === 'special' && def.special !== undefined)
}

function specialIndex(def: EventDef): number {
  if (def.special === undefined) return 0
  const name = def.special === 'sockopt' ? def.name : def.special
  const i = SPECIALS.indexOf(name.toUpperCase() as (typeof SPECIALS)[number])
  if (i < 1) throw new Error(`event ${def.name}: there is no special filler "${def.special}" in native/bpf`)
  return i
}

/** Writes a descriptor at byte `at` that produces records without arguments and does not update the state. */
function packBare(view: DataView, at: number, def: EventDef): void {
  view.setUint16(at, def.code, true)
  const flags = DESC.PLAIN | (def.noReturn ? DESC.NORETURN | DESC.ENTER : def.numberAtExit ? DESC.ENTER : 0)
  view.setUint16(at + 2, flags | numberless(def) | (effects(def) & DESC.BORN), true)
}

function numberless(def: EventDef): number {
  return def.numberAtExit === 'none' ? DESC.NUMBERLESS : 0
}

/** Enables the enter side for all calls of a table. */
export function enableEnter(table: Uint8Array): void {
  for (let at = 2; at < table.length; at += DESC_BYTES) table[at] = (table[at] as number) | DESC.ENTER
}

/** Has the calls that map code emit their mappings, independent of the filter. */
export function emitMappings(table: Uint8Array, defs: readonly (EventDef | undefined)[], arch: Arch): void {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  for (const def of defs) {
    const nr = def?.mapsCode ? def.nr?.[arch] : undefined
    if (nr === undefined) continue
    const at = nr * DESC_BYTES + 2
    view.setUint16(at, view.getUint16(at, true) | DESC.FDS | (FDS.MAPPED << DESC.FDS_KIND), true)
  }
}

/** Whether the call may read, from the descriptor in its first argument, a file whose content a privacy option omits. */
function mayReadOmitted(def: EventDef, words: readonly OpWord[], { spared }: Packing): boolean {
  const reads = words.some((w) => (w.op === 'BUF' && w.b === NONE) || (w.op === 'IOVEC' && w.flag === 0))
  const omits = spared?.has('args') === true || spared?.has('env') === true
  return reads && omits && def.params.some(({ type, from }) => type === 'fd' && from.op === 'arg' && from.n === 0)
}

/** What the enter side saves of a call (str_enter of struct ksys_desc); numbers the paths among its operations. */
function savedAtEnter(def: EventDef, words: readonly OpWord[], how: Packing): number[] {
  if (words.some((w) => w.op === 'KEPT' && w.flag !== 1)) return [ABI.KEEP_SELECT]
  const timeout = words.find((w) => (w.op === 'TIMESPEC' || w.op === 'KEPT') && w.flag === 1)
  if (timeout !== undefined) return [ABI.KEEP_TIMESPEC + (timeout.n ?? 0) + 1]
  const paths = words.filter((w) => w.op === 'STR' && (w.flag ?? 0) & STR.ENTER).slice(0, 2)
  paths.forEach((w, i) => {
    w.b = i
  })
  if (paths.length === 0 && !how.enter && mayReadOmitted(def, words, how)) return [ABI.KEEP_SPARED]
  return paths.map((w) => (w.n ?? 0) + 1)
}

/** Bytes that each operation writes if its parameters are absent: of its own and those that it writes besides, up to the next one's. */
function emptySizes(def: EventDef, words: readonly OpWord[]): number[] {
  const { offset, fixed, vars } = rowLayout(def)
  const empty = fixed + 2 * vars
  const start = ({ param }: OpWord) => {
    const at = offset[param & BYTES_SKIP.PARAM] as number
    return at >= 0 ? at : fixed + 2 * (-2 - at)
  }
  return words.map((w, i) => {
    const next = words[i + 1]
    const bytes = (next === undefined ? empty : start(next)) - start(w)
    if (bytes > ABI.KSYS_MOST_EMPTY) throw new Error(`event ${def.name} has an operation of ${bytes} bytes`)
    return bytes
  })
}

/** Writes a call's descriptor at byte `at`. */
function packDescriptor(view: DataView, at: number, def: EventDef, how: Packing): void {
  const { enter } = how
  const words = operations(def, how)
  if (words.length > ABI.KSYS_MAX_OPS) throw new Error(`event ${def.name} needs ${words.length} filler operations`)
  if (def.noReturn && words.some((w) => w.op !== 'ARG'))
    throw new Error(`event ${def.name} does not return: only plain arguments`)
  const saved = savedAtEnter(def, words, how)
  saved.forEach((what, i) => {
    view.setUint8(at + 6 + i, what)
  })
  const flags =
    // if enter events are recorded, that of a connect already names its socket
    (def.state && (!enter || def.socket === 'connects') ? DESC.STATE : 0) |
    (def.noReturn ? DESC.NORETURN : 0) |
    (saved.length > 0 ? DESC.FD_STR_ENTER : 0) |
    effects(def)
  const buffer = words.at(-1)?.op === 'BUF' ? DESC.BUFFER : 0
  const plain = buffer === 0 ? words : words.slice(0, -1)
  const simple = plain.length <= 6 && plain.every((w) => w.op === 'ARG') ? DESC.PLAIN | buffer : 0
  const enterFlag = def.numberAtExit || flags & (DESC.STATE | DESC.NORETURN | DESC.FD_STR_ENTER) ? DESC.ENTER : 0
  view.setUint16(at, def.code, true)
  view.setUint16(at + 2, flags | enterFlag | simple | numberless(def), true)
  view.setUint8(at + 4, enter ? 0 : specialIndex(def))
  view.setUint8(at + 5, words.length)
  emptySizes(def, words).forEach((bytes, i) => {
    view.setUint8(at + DESC_EMPTY + i, bytes)
  })
  words.forEach((w, i) => {
    packOp(view, at + DESC_HEAD + 8 * i, w)
  })
}

/** How descriptors are packed. */
interface Packing {
  readonly arch: Arch
  /** the definitions are those of enter events */
  readonly enter: boolean
  /** records without arguments */
  readonly bare?: boolean
  /** false: structures (see isStruct) are not read */
  readonly structs?: boolean
  /** privacy options, whose parameters are not read */
  readonly spared?: ReadonlySet<PrivacyOption>
}

/**
 * Fills a table of KSYS_MAX_NR descriptors with the calls in `defs`, by their number on this architecture. Numbers without a
 * definition get the unknown call's, if it is in `defs`.
 */
export function packTable(table: Uint8Array, defs: readonly (EventDef | undefined)[], how: Packing): void {
  const { arch, enter, bare } = how
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  for (const def of defs) {
    const nr = def?.nr?.[arch]
    if (def === undefined || nr === undefined || nr >= ABI.KSYS_MAX_NR) continue
    const isEnter = def.code % 2 === 0
    if (isEnter !== enter) continue
    if (bare) packBare(view, nr * DESC_BYTES, def)
    else packDescriptor(view, nr * DESC_BYTES, def, how)
  }
  const unknown = table.slice(ABI.KSYS_UNKNOWN_NR * DESC_BYTES, (ABI.KSYS_UNKNOWN_NR + 1) * DESC_BYTES)
  for (const nr of numbersWithout(defs, arch)) table.set(unknown, nr * DESC_BYTES)
}

/** Numbers below KSYS_MAX_NR that no call has on this architecture. */
export function numbersWithout(defs: readonly (EventDef | undefined)[], arch: Arch): number[] {
  const known = new Set(defs.map((def) => def?.nr?.[arch]))
  return Array.from({ length: ABI.KSYS_MAX_NR }, (_, nr) => nr).filter((nr) => !known.has(nr))
}
