// evt.args without strings: what renderArgs makes, written straight into the line. Parameter types that programs show all
// the time have appenders of their own; the rest, and every unusual value, goes through the renderers.
import type { FieldContext } from '../fields/field.js'
import type { RowForm } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { errnoName } from '../schema/errno.js'
import { flagKind } from '../schema/flags/convert.js'
import { rowLayout } from '../schema/layout.js'
import type { EventDef, ParamDef } from '../schema/types.js'
import { fdName, protoChar, typeChar } from '../state/fd-name.js'
import type { ByteWriter } from './bytes.js'
import { flagCache } from './flags.js'
import { absentText } from './param.js'
import { renderParam } from './value.js'

/** Appends parameter p; false: it did nothing, and the renderers must. */
type Step = (out: ByteWriter, e: Event, ctx: FieldContext) => boolean
/** Reads a fixed parameter; NaN when a Number does not hold it exactly. */
type Read = (e: Event) => number

interface Param {
  /** index in the event's definition */
  readonly place: number
  /** `name=`, with the blank that parts it from the one before */
  readonly label: Uint8Array
  readonly absent: Uint8Array
  readonly step: Step | undefined
  /** dumps of several lines */
  readonly multiline: boolean
}

interface Compiled {
  readonly def: EventDef
  readonly params: readonly Param[]
}

const OPEN = 40
const CLOSE = 41
const LESS = 60
const GREATER = 62
const SLASH = 47
const DOTS_WIDTH = 80
const ELLIPSIS = bytes('...')
const AT_FDCWD = -100
const TWO32 = 4294967296

const compiled: (Compiled | undefined)[] = []
const compiledForms = new WeakMap<RowForm, Compiled>()

/** Appends all arguments of the event as renderArgs prints them. */
export function appendArgs(out: ByteWriter, e: Event, ctx: FieldContext): void {
  const type = e.batch.type[e.row] as number
  const form = e.form
  let c = form === undefined ? compiled[type] : compiledForms.get(form)
  if (c === undefined || c.def !== e.def) {
    c = compile(e)
    if (form === undefined) compiled[type] = c
    else compiledForms.set(form, c)
  }
  const { params } = c
  const absent = e.batch.absent[e.row] as number
  for (let p = 0; p < params.length; p++) {
    const q = params[p] as Param
    out.raw(q.label)
    if ((absent & (1 << q.place)) !== 0) out.raw(q.absent)
    else if (q.step === undefined || !q.step(out, e, ctx)) rendered(out, e, p, q, ctx)
  }
}

function rendered(out: ByteWriter, e: Event, p: number, q: Param, ctx: FieldContext): void {
  const r = renderParam(e, p, ctx)
  if (r === undefined) return
  if (q.multiline && ctx.format.buffer !== 'dots') out.block(r.value)
  else out.text(r.value)
  meant(out, r.resolved)
}

/** What a value means, in parentheses, when it means anything. */
function meant(out: ByteWriter, text: string | undefined): void {
  if (text === undefined) return
  out.byte(OPEN)
  out.text(text)
  out.byte(CLOSE)
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text))
}

function compile(e: Event): Compiled {
  const def = e.def
  const layout = rowLayout(def)
  const params = e.shown.map((p, i): Param => {
    const place = e.shownAt(i)
    return {
      place,
      label: bytes(`${i > 0 ? ' ' : ''}${p.name}=`),
      absent: bytes(absentText(p)),
      step: stepOf(p, layout.offset[place] as number, layout.fixed),
      multiline: p.type === 'bytebuf' || p.type === 'dyn',
    }
  })
  return { def, params }
}

function stepOf(p: ParamDef, offset: number, fixed: number): Step | undefined {
  if (p.onlyIf !== undefined) return undefined
  if (offset < -1) return varStep(p, -2 - offset, fixed)
  const read = reader(p, offset)
  switch (p.type) {
    case 'errno':
      return errno(read)
    case 'fd':
    case 'fd32':
      return fd(read)
    case 'pid':
    case 'pid32':
      return pid(read)
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      if (p.flags !== undefined || p.fmt === 'oct') return undefined
      return p.fmt === 'hex' ? hexadecimal(read) : decimal(read)
    default:
      return flagKind(p.type) === undefined || p.type === 'mode' || p.flags === undefined ? undefined : flags(read, p)
  }
}

function reader(p: ParamDef, offset: number): Read {
  if (offset === -1) return (e) => e.batch.ret[e.row] as number
  const at = (e: Event): number => (e.batch.argOff[e.row] as number) + offset
  switch (p.wire) {
    case 'i8':
      return (e) => e.batch.view.getInt8(at(e))
    case 'u8':
      return (e) => e.batch.view.getUint8(at(e))
    case 'i16':
      return (e) => e.batch.view.getInt16(at(e), true)
    case 'u16':
      return (e) => e.batch.view.getUint16(at(e), true)
    case 'i32':
      return (e) => e.batch.view.getInt32(at(e), true)
    case 'u32':
      return (e) => e.batch.view.getUint32(at(e), true)
    default: {
      const signed = p.wire === 'i64'
      return (e) => {
        const v = e.batch.view
        const from = at(e)
        const high = signed ? v.getInt32(from + 4, true) : v.getUint32(from + 4, true)
        return high >= 0x200000 || high < -0x200000 ? Number.NaN : v.getUint32(from, true) + high * TWO32
      }
    }
  }
}

const decimal =
  (read: Read): Step =>
  (out, e) => {
    const n = read(e)
    if (Number.isNaN(n)) return false
    out.int(n)
    return true
  }

const hexadecimal =
  (read: Read): Step =>
  (out, e) => {
    const n = read(e)
    if (!(n >= 0 && n <= Number.MAX_SAFE_INTEGER)) return false
    out.hex(n)
    return true
  }

const errno =
  (read: Read): Step =>
  (out, e) => {
    const n = read(e)
    if (Number.isNaN(n)) return false
    out.int(n)
    if (n < 0) meant(out, errnoName(n))
    return true
  }

const fd =
  (read: Read): Step =>
  (out, e) => {
    const n = read(e)
    if (Number.isNaN(n)) return false
    out.int(n)
    if (n < 0) {
      meant(out, n === AT_FDCWD ? 'AT_FDCWD' : errnoName(n))
      return true
    }
    const f = e.fdNum === n ? e.fd : e.thread?.fdTable.fds.get(n)
    if (f === undefined) return true
    out.byte(OPEN)
    out.byte(LESS)
    out.byte(typeChar(f).charCodeAt(0))
    const proto = protoChar(f)
    if (proto !== '') out.byte(proto.charCodeAt(0))
    out.byte(GREATER)
    out.text(fdName(f))
    out.byte(CLOSE)
    return true
  }

const pid =
  (read: Read): Step =>
  (out, e, ctx) => {
    const n = read(e)
    if (!(n >= 0)) return false
    out.int(n)
    const comm = n > 0 ? ctx.state.threads.get(n)?.comm : undefined
    meant(out, comm || undefined)
    return true
  }

function flags(read: Read, p: ParamDef): Step | undefined {
  const kind = flagKind(p.type)
  if (kind === undefined || p.flags === undefined) return undefined
  const native = flagCache(p.flags, kind, true)
  const portable = flagCache(p.flags, kind, false)
  return (out, e) => {
    const n = read(e)
    if (Number.isNaN(n)) return false
    const t = (e.batch.native ? native : portable).get(n)
    out.text(t.text)
    meant(out, t.names)
    return true
  }
}

/** Start of the k-th variable parameter's bytes. */
function varAt(e: Event, k: number, fixed: number): number {
  const v = e.batch.view
  let at = (e.batch.argOff[e.row] as number) + fixed
  for (let i = k; i > 0; i--) at += 2 + v.getUint16(at, true)
  return at + 2
}

function varStep(p: ParamDef, k: number, fixed: number): Step | undefined {
  switch (p.type) {
    case 'charbuf':
      return (out, e) => {
        const at = varAt(e, k, fixed)
        return out.printable(e.batch.arena, at, at + e.varLen(at))
      }
    case 'fspath':
    case 'fsrelpath':
      return (out, e) => {
        const at = varAt(e, k, fixed)
        const { arena } = e.batch
        return arena[at] === SLASH && e.varLen(at) > 0 && out.printable(arena, at, at + e.varLen(at))
      }
    case 'bytebuf':
      return (out, e, ctx) => {
        const { buffer, fullBuffers } = ctx.format
        const at = varAt(e, k, fixed)
        const length = e.varLen(at)
        if (buffer !== 'dots' || length === 0) return false
        const cut = !fullBuffers && length > DOTS_WIDTH
        out.dots(e.batch.arena, at, at + (cut ? DOTS_WIDTH - ELLIPSIS.length : length))
        if (cut) out.raw(ELLIPSIS)
        return true
      }
    default:
      return undefined
  }
}
