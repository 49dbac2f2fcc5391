// Parameters whose type is told by their first byte (socket option values, ptrace and keyctl arguments).
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { decodeText } from '../../model/text.js'
import { errnoName } from '../../schema/errno.js'
import type { Shape } from '../../schema/shape.js'
import { signalName } from '../../schema/signals.js'
import type { ParamDef } from '../../schema/types.js'
import { shapeText } from '../structs/writer.js'
import { escapeText } from '../text/escape.js'
import { bufferText } from './buffer.js'
import { secondsText } from './numbers.js'
import { meaning, NO_VALUE } from './resolved.js'

/** Text of dyn parameter p; NULL when it is empty, cut, or names an alternative that its declaration has not. */
export function dynText(e: Event, p: number, def: ParamDef, ctx: Pick<FieldContext, 'format'>): string {
  const at = e.varAt(p)
  const length = e.varLen(at)
  const arena = e.batch.arena
  const alternative = length === 0 ? undefined : def.dyn?.[arena[at] as number]
  if (alternative === undefined) return NO_VALUE
  const [type, fmt] = alternative.split('/')
  const from = at + 1
  const to = at + length
  const shape = e.batch.native ? def.shapeOf?.(e) : undefined
  const told = shape && textOf(e, shape, from, to)
  if (type === 'bytebuf' && told !== undefined) return lineOf(told, ctx)
  if (type === 'bytebuf')
    return to === from ? NO_VALUE : bufferText(arena, from, to, ctx.format.buffer, ctx.format.fullBuffers)
  if (type === 'charbuf') return lineOf(textUpToNul(arena, from, to), ctx)
  const n = integer(e, from, to - from, type as string)
  if (n === undefined) return NO_VALUE
  if (told !== undefined && !PLAIN.test(told)) meaning.text = told
  else if (type === 'errno' && n < 0n) meaning.text = errnoName(Number(n))
  else if (type === 'sigtype') meaning.text = signalName(Number(n))
  else if (type === 'reltime') meaning.text = secondsText(Number(n))
  return fmt === 'hex' ? BigInt.asUintN(64, n).toString(16).toUpperCase() : `${n}`
}

/** What bytes mean. */
function textOf(e: Event, shape: Shape, from: number, to: number): string | undefined {
  return shape.look.kind === 'text' ? textUpToNul(e.batch.arena, from, to) : shapeText(e.batch.view, shape, from, to)
}

function textUpToNul(arena: Uint8Array, from: number, to: number): string {
  const end = arena.indexOf(0, from)
  return decodeText(arena, from, end < 0 || end > to ? to : end)
}

const PLAIN = /^-?(\d+|0x[0-9a-f]+)$/

/** Text that is no dump: line feeds in it are let through nowhere, as those of dumps are. */
export function lineOf(text: string, { format }: Pick<FieldContext, 'format'>): string {
  return format.buffer === 'dots' || format.buffer === 'base64' ? text : escapeText(text)
}

/** The little-endian integer at `at`; errno, fd and int64 are signed. undefined when its size is none of an integer. */
function integer(e: Event, at: number, size: number, type: string): bigint | undefined {
  const v = e.batch.view
  const signed = type === 'errno' || type === 'fd' || type === 'int64'
  if (size === 8) return signed ? v.getBigInt64(at, true) : v.getBigUint64(at, true)
  if (size === 4) return BigInt(signed ? v.getInt32(at, true) : v.getUint32(at, true))
  return size === 1 ? BigInt(v.getUint8(at)) : undefined
}
