// Writes parameters whose first byte is their type (socket option values, ptrace and keyctl arguments).
import type { Event } from '../../model/event.js'
import { decodeText } from '../../model/text.js'
import { errnoName } from '../../schema/errno.js'
import type { Shape } from '../../schema/shape.js'
import { signalName } from '../../schema/signals.js'
import type { ParamDef } from '../../schema/types.js'
import { shapeText } from '../structs/writer.js'
import { writeBuffer } from './buffer.js'
import { secondsText } from './number-text.js'
import { NOTHING, type WriteBytes, writeMeaning } from './write.js'

/** A value of a type chosen at run time; NULL if it is empty, cut, or of an undeclared type. */
export function dyn(def: ParamDef): WriteBytes {
  const alternatives = def.dyn?.map((words) => words.split('/') as [type: string, fmt?: string]) ?? []
  return (out, e, { format }, at, end) => {
    const { arena, view } = e.batch
    const alternative = end === at ? undefined : alternatives[arena[at] as number]
    if (alternative === undefined) {
      out.encoded(NOTHING)
      return
    }
    const [type, fmt] = alternative
    const from = at + 1
    const shape = e.batch.native ? def.shapeOf?.(e) : undefined
    const meaning = shape && nameFrom(e, shape, from, end)
    if (type === 'charbuf') out.text(textAt(arena, from, end))
    else if (type !== 'bytebuf') integer(out, integerAt(view, from, end - from, type), type, fmt, meaning)
    else if (meaning !== undefined) out.text(meaning)
    else if (from === end) out.encoded(NOTHING)
    else writeBuffer(out, view, from, end, format.buffer, format.fullBuffers)
  }
}

function integer(
  out: Parameters<WriteBytes>[0],
  n: bigint | undefined,
  type: string,
  fmt: string | undefined,
  meaning: string | undefined,
): void {
  if (n === undefined) {
    out.encoded(NOTHING)
    return
  }
  out.trusted(fmt === 'hex' ? BigInt.asUintN(64, n).toString(16).toUpperCase() : `${n}`)
  if (meaning !== undefined && !PLAIN.test(meaning)) writeMeaning(out, meaning)
  else if (type === 'errno' && n < 0n) writeMeaning(out, errnoName(Number(n)))
  else if (type === 'sigtype') writeMeaning(out, signalName(Number(n)))
  else if (type === 'reltime') writeMeaning(out, secondsText(Number(n)))
}

const PLAIN = /^-?(\d+|0x[0-9a-f]+)$/

/** The meaning of the bytes, by shape. */
function nameFrom(e: Event, shape: Shape, from: number, to: number): string | undefined {
  if (shape.look.kind === 'text') return textAt(e.batch.arena, from, to)
  return shapeText(e.batch.view, shape, from, to)
}

/** Text up to its NUL. */
function textAt(arena: Uint8Array, from: number, to: number): string {
  const end = arena.indexOf(0, from)
  return decodeText(arena, from, end < 0 || end > to ? to : end)
}

/**
 * The little-endian integer at `at`; errno, fd and int64 are signed. undefined if it does not have the size of an
 * integer.
 */
function integerAt(v: DataView, at: number, size: number, type: string): bigint | undefined {
  const signed = type === 'errno' || type === 'fd' || type === 'int64'
  if (size === 8) return signed ? v.getBigInt64(at, true) : v.getBigUint64(at, true)
  if (size === 4) return BigInt(signed ? v.getInt32(at, true) : v.getUint32(at, true))
  return size === 1 ? BigInt(v.getUint8(at)) : undefined
}
