// Writes the values of arguments straight into a line, for the functions that append-args.ts generates. Each returns true when
// it did nothing, since the value is an unusual one that the renderers must write.
import type { FieldContext } from '../fields/field.js'
import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { errnoName } from '../schema/errno.js'
import { fdName, protoChar, typeChar } from '../state/fd-name.js'
import { resolvePath } from '../state/paths.js'
import type { ByteWriter } from './bytes.js'
import { type flagCache, valuesOf } from './flags.js'
import { startOf } from './param.js'
import { Piece } from './piece.js'
import { renderParam } from './value.js'
import { holds } from './words.js'

const OPEN = 40
const CLOSE = 41
const DOT = 46
const SLASH = 47
const DOTS_WIDTH = 80
const ELLIPSIS = new Piece('...')
const AT_FDCWD = -100
const SLASHES = 0x2f2f2f2f
const TWO32 = 4294967296

type Batch = Event['batch']

/** What the last value of a parameter with named bits printed as. */
export interface Remembered {
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
export interface LastDir {
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

/** All of them, by the names that generated text calls them. */
export const WRITERS = {
  wide,
  varAt,
  rendered,
  decimal,
  hexadecimal,
  errno,
  fd,
  pid,
  flags,
  text,
  path,
  buffer,
  valuesOf,
}
