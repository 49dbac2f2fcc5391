// evt.args without strings: what renderArgs makes, written straight into the line by a function that is generated for each
// kind of event. Parameter types that programs show all the time are written in place; the rest, and every unusual value,
// goes through the renderers. Generated text is made of numbers, and of names of this file; texts are passed as constants.
import type { FieldContext } from '../fields/field.js'
import type { RowForm } from '../model/batch.js'
import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { errnoName } from '../schema/errno.js'
import { flagKind } from '../schema/flags/convert.js'
import { rowLayout } from '../schema/layout.js'
import type { EventDef, FlagTable, ParamDef } from '../schema/types.js'
import { fdName, protoChar, typeChar } from '../state/fd-name.js'
import { resolvePath } from '../state/paths.js'
import type { ByteWriter } from './bytes.js'
import { flagCache, VALUES, valuesOf } from './flags.js'
import { absentText, startOf } from './param.js'
import { Piece } from './piece.js'
import { renderParam } from './value.js'
import { holds } from './words.js'

type Append = (out: ByteWriter, e: Event, ctx: FieldContext) => void

interface Compiled {
  readonly def: EventDef
  readonly append: Append
}

const OPEN = 40
const CLOSE = 41
const DOT = 46
const SLASH = 47
const DOTS_WIDTH = 80
const ELLIPSIS = new Piece('...')
const AT_FDCWD = -100
const SLASHES = 0x2f2f2f2f
const TWO32 = 4294967296

const compiled: (Compiled | undefined)[] = []
const compiledForms = new WeakMap<RowForm, Compiled>()

/** Appends all arguments of the event as renderArgs prints them. */
export function appendArgs(out: ByteWriter, e: Event, ctx: FieldContext): void {
  const type = e.batch.type[e.row] as number
  const form = e.form
  let c = form === undefined ? compiled[type] : compiledForms.get(form)
  if (c === undefined || c.def !== e.def) {
    c = { def: e.def, append: compile(e) }
    if (form === undefined) compiled[type] = c
    else compiledForms.set(form, c)
  }
  c.append(out, e, ctx)
}

/** Generates the function for events shaped like the one under the cursor. */
function compile(e: Event): Append {
  const layout = rowLayout(e.def)
  const constants: unknown[] = []
  const constant = (value: unknown) => `k[${constants.push(value) - 1}]`
  const lines = e.shown.map((p, i) => {
    const place = e.shownAt(i)
    const label = constant(new Piece(`${i > 0 ? ' ' : ''}${p.name}=`))
    const absent = `out.piece(${constant(new Piece(absentText(p)))})`
    const slow = `rendered(out,e,${i},${p.type === 'bytebuf' || p.type === 'dyn'},ctx)`
    const offset = layout.offset[place] as number
    const fast = offset < -1 ? variable(p, -2 - offset, layout.fixed, constant) : fixed(p, offset, constant)
    const write = p.onlyIf !== undefined || fast === undefined ? slow : `if(${fast})${slow}`
    return `out.piece(${label});if(absent&${1 << place})${absent};else{${write}}`
  })
  const body = `return (out,e,ctx)=>{const b=e.batch,v=b.view,row=e.row,absent=b.absent[row],a=b.argOff[row];${lines.join('\n')}}`
  return new Function('k', ...Object.keys(HELPERS), body)(constants, ...Object.values(HELPERS)) as Append
}

/** Expression that writes a fixed parameter; true when it did nothing, and the renderers must. */
function fixed(p: ParamDef, offset: number, constant: (value: unknown) => string): string | undefined {
  const n = read(p, offset)
  switch (p.type) {
    case 'errno':
      return `errno(out,${n})`
    case 'fd':
    case 'fd32':
      return p.fdFor === undefined ? `fd(out,e,ctx,${n})` : undefined
    case 'pid':
    case 'pid32':
      return `pid(out,ctx,${n})`
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      if (p.flags !== undefined || p.names !== undefined || p.fmt === 'oct' || p.wire === 'ret') return undefined
      return p.fmt === 'hex' ? `hexadecimal(out,${n})` : `decimal(out,${n})`
    default: {
      const kind = flagKind(p.type)
      if (kind === undefined || p.type === 'mode' || p.flags === undefined || p.names !== undefined) return undefined
      const last: Remembered = { raw: Number.NaN, values: 0, text: ELLIPSIS }
      const caches = VALUES.map((of) => flagCache(p.flags as FlagTable, kind, of))
      return `flags(out,valuesOf(b),${n},${constant(last)},${constant(caches)})`
    }
  }
}

/** Expression for the value of a fixed parameter; NaN when a Number does not hold it exactly. */
function read(p: ParamDef, offset: number): string {
  if (offset === -1) return 'b.ret[row]'
  switch (p.wire) {
    case 'i8':
      return `v.getInt8(a+${offset})`
    case 'u8':
      return `v.getUint8(a+${offset})`
    case 'i16':
      return `v.getInt16(a+${offset},true)`
    case 'u16':
      return `v.getUint16(a+${offset},true)`
    case 'i32':
      return `v.getInt32(a+${offset},true)`
    case 'u32':
      return `v.getUint32(a+${offset},true)`
    case 'i64':
      return `wide(v.getUint32(a+${offset},true),v.getInt32(a+${offset + 4},true))`
    default:
      return `wide(v.getUint32(a+${offset},true),v.getUint32(a+${offset + 4},true))`
  }
}

/** Expression that writes the k-th variable parameter; true when it did nothing. */
function variable(
  p: ParamDef,
  k: number,
  fixedBytes: number,
  constant: (value: unknown) => string,
): string | undefined {
  const at = `varAt(v,a+${fixedBytes},${k})`
  switch (p.type) {
    case 'charbuf':
      return `text(out,b,${at})`
    case 'fspath':
    case 'fsrelpath':
      return `path(out,e,${at},${p.dirfd ?? -1},${constant({ dir: '', usable: false, epoch: -1, at: 0, length: 0, escapes: undefined } satisfies LastDir)})`
    case 'bytebuf':
      return `buffer(out,b,${at},ctx)`
    default:
      return undefined
  }
}

type Batch = Event['batch']

/** What the last value of a parameter with named bits printed as. */
interface Remembered {
  raw: number
  /** index into VALUES */
  values: number
  text: Piece
}

function wide(low: number, high: number): number {
  return high >= 0x200000 || high < -0x200000 ? Number.NaN : low + high * TWO32
}

/** Start of the bytes of the k-th variable parameter, the first of which has its length at `at`. */
function varAt(v: DataView, at: number, k: number): number {
  for (let i = k; i > 0; i--) at += 2 + v.getUint16(at, true)
  return at + 2
}

function rendered(out: ByteWriter, e: Event, p: number, dump: boolean, ctx: FieldContext): void {
  const r = renderParam(e, p, ctx)
  if (r === undefined) return
  if (dump && ctx.format.buffer !== 'dots') out.block(r.value)
  else out.text(r.value)
  meant(out, r.resolved)
}

/** What a value means, in parentheses, when it means anything. */
function meant(out: ByteWriter, meaning: string | undefined, more = ''): void {
  if (meaning === undefined) return
  out.byte(OPEN)
  out.text(meaning)
  out.text(more)
  out.byte(CLOSE)
}

function decimal(out: ByteWriter, n: number): boolean {
  if (Number.isNaN(n)) return true
  out.int(n)
  return false
}

function hexadecimal(out: ByteWriter, n: number): boolean {
  if (!(n >= 0 && n <= Number.MAX_SAFE_INTEGER)) return true
  out.hex(n)
  return false
}

function errno(out: ByteWriter, n: number): boolean {
  if (Number.isNaN(n)) return true
  out.int(n)
  if (n < 0) meant(out, errnoName(n))
  return false
}

function fd(out: ByteWriter, e: Event, ctx: FieldContext, n: number): boolean {
  if (Number.isNaN(n) || ctx.format.resolvePorts) return true
  out.int(n)
  if (n < 0) {
    meant(out, n === AT_FDCWD ? 'AT_FDCWD' : errnoName(n))
    return false
  }
  const f: Fd | undefined = e.fdNum === n ? e.fd : e.thread?.fdTable.fds.get(n)
  if (f !== undefined) descriptor(out, f)
  return false
}

/** Kind and name of a descriptor. Most are named several times: later ones are copied from the first. */
function descriptor(out: ByteWriter, f: Fd): void {
  const name = fdName(f)
  const proto = protoChar(f)
  const p = f.printed
  if (p !== undefined && p.epoch === out.epoch && p.name === name && p.type === f.type && p.proto === proto) {
    out.again(p.at, p.length, p.escapes)
    return
  }
  const at = out.length
  meant(out, `<${typeChar(f)}${proto}>`, name)
  const escapes = out.escapesIn(at)
  f.printed = { epoch: out.epoch, at, length: out.length - at, escapes, name, type: f.type, proto }
}

function pid(out: ByteWriter, ctx: FieldContext, n: number): boolean {
  if (!(n >= 0)) return true
  out.int(n)
  const comm = n > 0 ? ctx.state.threads.get(n)?.comm : undefined
  meant(out, comm || undefined)
  return false
}

function flags(
  out: ByteWriter,
  values: number,
  n: number,
  last: Remembered,
  caches: readonly ReturnType<typeof flagCache>[],
): boolean {
  if (Number.isNaN(n)) return true
  if (n !== last.raw || values !== last.values) {
    last.text = (caches[values] as ReturnType<typeof flagCache>).get(n).shown
    last.raw = n
    last.values = values
  }
  out.piece(last.text)
  return false
}

function text(out: ByteWriter, b: Batch, at: number): boolean {
  return !out.printable(b.view, at, at + b.view.getUint16(at - 2, true))
}

/**
 * The directory that the last relative path of a parameter started from; usable when a path may just be put behind it.
 * It was written, as `(dir/`, at `at` in that epoch.
 */
interface LastDir {
  dir: string
  usable: boolean
  epoch: number
  at: number
  length: number
  escapes: number | undefined
}

function path(out: ByteWriter, e: Event, at: number, dirfd: number, last: LastDir): boolean {
  const { view, arena } = e.batch
  const end = at + view.getUint16(at - 2, true)
  if (end === at) return true
  if (arena[at] === SLASH) return !out.printable(view, at, end)
  if (e.thread === undefined) return true
  if ((arena[at] === DOT || holds(view, at, end, SLASHES)) && hasDots(arena, at, end)) return true
  const dir = startOf(e, e.thread, dirfd)
  if (dir !== last.dir) {
    last.dir = dir
    last.usable = dir.charCodeAt(0) === SLASH && dir.length > 1 && resolvePath('', dir) === dir
    last.epoch = -1
  }
  const start = out.length
  if (!last.usable || !out.printable(view, at, end)) return true
  if (last.epoch === out.epoch) out.again(last.at, last.length, last.escapes)
  else startsIn(out, last)
  out.again(start, end - at)
  out.byte(CLOSE)
  return false
}

function startsIn(out: ByteWriter, last: LastDir): void {
  last.at = out.length
  out.byte(OPEN)
  out.text(last.dir)
  out.byte(SLASH)
  last.length = out.length - last.at
  last.escapes = out.escapesIn(last.at)
  last.epoch = out.epoch
}

/** Whether anything in a relative path has to be resolved before it is put behind its directory. */
function hasDots(arena: Uint8Array, from: number, end: number): boolean {
  let before = SLASH
  for (let i = from; i < end; i++) {
    const c = arena[i] as number
    if (before === SLASH && (c === DOT || c === SLASH)) return true
    before = c
  }
  return before === SLASH
}

function buffer(out: ByteWriter, b: Batch, at: number, ctx: FieldContext): boolean {
  const length = b.view.getUint16(at - 2, true)
  if (ctx.format.buffer !== 'dots' || length === 0) return true
  const cut = !ctx.format.fullBuffers && length > DOTS_WIDTH
  out.dots(b.view, at, at + (cut ? DOTS_WIDTH - ELLIPSIS.length : length))
  if (cut) out.piece(ELLIPSIS)
  return false
}

const HELPERS = { wide, varAt, rendered, decimal, hexadecimal, errno, fd, pid, flags, text, path, buffer, valuesOf }
