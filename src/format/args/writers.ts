// Writes the values of arguments straight into a line, for the functions that append-args.ts generates. Each returns true when
// it did nothing, since the value is an unusual one that the renderers must write.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { Fd } from '../../model/fd.js'
import { selected } from '../../schema/cases.js'
import { errnoName } from '../../schema/errno.js'
import type { ParamDef } from '../../schema/types.js'
import { fdName, protoChar, typeChar } from '../../state/fd-name.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { digits } from '../bytes/digits.js'
import { Piece } from '../bytes/encoded-text.js'
import { KeptTexts } from '../bytes/number-text-cache.js'
import { netlinkProtocol, writeMessages } from '../structs/netlink.js'
import type { WriteShape } from '../structs/write-shape.js'
import { shapeWriter } from '../structs/writer.js'
import { escapeText } from '../text/escape.js'
import { address, tuple } from './addresses.js'
import { renderParam } from './args.js'
import { writeBuffer } from './buffer.js'
import { valuesOf } from './flags.js'
import { path } from './paths.js'
import { NO_VALUE } from './resolved.js'

const OPEN = 40
const CLOSE = 41
const NOTHING = new Piece(NO_VALUE)
const AT_FDCWD = -100
const TWO32 = 4294967296

type Batch = Event['batch']

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
function meant(out: ByteWriter, meaning: string | undefined): void {
  if (meaning === undefined) return
  out.byte(OPEN)
  out.text(meaning)
  out.byte(CLOSE)
}

function decimal(out: ByteWriter, n: number): boolean {
  if (Number.isNaN(n)) return true
  out.int(n)
  return false
}

function hexadecimal(out: ByteWriter, n: number): boolean {
  if (!(n >= 0 && n <= Number.MAX_SAFE_INTEGER)) return true
  out.hex(n | 0, Math.floor(n / TWO32))
  return false
}

const errors = new KeptTexts()

/** A result, or the error that it is. */
function result(out: ByteWriter, n: number): boolean {
  if (n >= 0) out.int(n)
  else if (n >= -4096) out.piece(errors.find(n, 0) ?? errors.keep(n, 0, errorText(n)))
  else return true
  return false
}

function errorText(n: number): string {
  const name = errnoName(n)
  return name === undefined ? `${n}` : `${n}(${name})`
}

/** A value whose text depends on nothing but itself and on whose it is. */
function byValue(
  out: ByteWriter,
  e: Event,
  ctx: FieldContext,
  p: number,
  n: number,
  of: readonly KeptTexts[],
): boolean {
  if (Number.isNaN(n)) return true
  const low = n | 0
  const high = low === n ? low >> 31 : Math.floor(n / TWO32)
  const kept = of[valuesOf(e.batch)] as KeptTexts
  out.piece(kept.find(low, high) ?? kept.keep(low, high, valueText(e, p, ctx)))
  return false
}

function valueText(e: Event, p: number, ctx: FieldContext): string {
  const r = renderParam(e, p, ctx)
  return escapeText(r?.resolved === undefined ? `${r?.value}` : `${r.value}(${r.resolved})`)
}

/** A number with a name that depends on the row. */
function named(out: ByteWriter, e: Event, n: number, names: ParamDef['names']): boolean {
  if (Number.isNaN(n)) return true
  out.int(n)
  if (e.batch.native) meant(out, names?.(n, e))
  return false
}

function fd(out: ByteWriter, e: Event, ctx: FieldContext, n: number): boolean {
  if (n >= 0) {
    if (ctx.format.resolvePorts) return true
    out.int(n)
    const f: Fd | undefined = e.fdNum === n ? e.fd : e.thread?.fdTable.fds.get(n)
    if (f !== undefined) descriptor(out, f)
    return false
  }
  if (n !== AT_FDCWD) return result(out, n)
  out.piece(WORKING_DIRECTORY)
  return false
}

const WORKING_DIRECTORY = new Piece(`${AT_FDCWD}(AT_FDCWD)`)

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
  out.piece(kindOf(f, proto))
  out.text(name)
  out.byte(CLOSE)
  const escapes = out.escapesIn(at)
  const length = out.length - at
  if (p === undefined) {
    f.printed = { epoch: out.epoch, at, length, escapes, name, type: f.type, proto }
    return
  }
  p.epoch = out.epoch
  p.at = at
  p.length = length
  p.escapes = escapes
  p.name = name
  p.type = f.type
  p.proto = proto
}

/** `(<4t>` by kind and protocol; there are few of both. */
const kinds = new Map<string, Piece>()

function kindOf(f: Fd, proto: string): Piece {
  const key = proto === '' ? f.type : f.type + proto
  let piece = kinds.get(key)
  if (piece === undefined) {
    piece = new Piece(`(<${typeChar(f)}${proto}>`)
    kinds.set(key, piece)
  }
  return piece
}

function pid(out: ByteWriter, ctx: FieldContext, n: number): boolean {
  if (!(n >= 0)) return true
  out.int(n)
  const comm = n > 0 ? ctx.state.threads.get(n)?.comm : undefined
  meant(out, comm || undefined)
  return false
}

function text(out: ByteWriter, b: Batch, at: number): boolean {
  return !out.printable(b.view, at, at + b.view.getUint16(at - 2, true))
}

function buffer(out: ByteWriter, b: Batch, at: number, ctx: FieldContext): boolean {
  const length = b.view.getUint16(at - 2, true)
  if (length === 0) {
    out.piece(NOTHING)
    return false
  }
  writeBuffer(out, b.view, at, at + length, ctx.format.buffer, ctx.format.fullBuffers)
  return false
}

/** What goes through a netlink socket, where that is not shown as it is. */
function messages(out: ByteWriter, e: Event, at: number, ctx: FieldContext): boolean {
  if (e.fd?.type !== 'netlink' || ctx.format.buffer !== 'dots') return true
  const protocol = netlinkProtocol(e)
  const { view } = e.batch
  return protocol === undefined || !writeMessages(out, view, at, at + view.getUint16(at - 2, true), protocol)
}

function struct(out: ByteWriter, b: Batch, at: number, x64: WriteShape, arm64: WriteShape): boolean {
  const write = b.arch === 'arm64' ? arm64 : x64
  if (!write(out, b.view, at, at + b.view.getUint16(at - 2, true))) out.piece(NOTHING)
  return false
}

/** A structure that another parameter's value tells. */
function structOf(out: ByteWriter, b: Batch, at: number, by: number, cases: NonNullable<ParamDef['cases']>): boolean {
  if (Number.isNaN(by)) return true
  const shape = selected(cases.table, by)?.shape
  if (shape === undefined) out.piece(NOTHING)
  else {
    const write = shapeWriter(b.arch === 'arm64' ? (shape.arm64 ?? shape) : shape)
    struct(out, b, at, write, write)
  }
  return false
}

/** All of them, by the names that generated text calls them. */
export const WRITERS = {
  digits,
  wide,
  varAt,
  rendered,
  decimal,
  hexadecimal,
  result,
  byValue,
  named,
  fd,
  pid,
  text,
  path,
  buffer,
  messages,
  struct,
  structOf,
  tuple,
  address,
}
