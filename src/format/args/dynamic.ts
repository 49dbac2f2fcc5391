// Writes parameters whose type is told by their first byte (socket option values, ptrace and keyctl arguments).
import type { Event } from '../../model/event.js'
import { decodeText } from '../../model/text.js'
import { errnoName } from '../../schema/errno.js'
import type { Shape } from '../../schema/shape.js'
import { signalName } from '../../schema/signals.js'
import type { ParamDef } from '../../schema/types.js'
import { shapeText } from '../structs/writer.js'
import { writeBuffer } from './buffer.js'
import { secondsText } from './number-text.js'
import { meant, NOTHING, type WriteBytes } from './write.js'

/** A value by its own type; NULL when it is empty, cut, or names an alternative that the declaration has not. */
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
    const told = shape && toldBy(e, shape, from, end)
    if (type === 'charbuf') out.text(textAt(arena, from, end))
    else if (type !== 'bytebuf') integer(out, integerAt(view, from, end - from, type), type, fmt, told)
    else if (told !== undefined) out.text(told)
    else if (from === end) out.encoded(NOTHING)
    else writeBuffer(out, view, from, end, format.buffer, format.fullBuffers)
  }
}

function integer(
  out: Parameters<WriteBytes>[0],
  n: bigint | undefined,
  type: string,
  fmt: string | undefined,
  told: string | undefined,
): void {
  if (n === undefined) {
    out.encoded(NOTHING)
    return
  }
  out.trusted(fmt === 'hex' ? BigInt.asUintN(64, n).toString(16).toUpperCase() : `${n}`)
  if (told !== undefined && !PLAIN.test(told)) meant(out, told)
  else if (type === 'errno' && n < 0n) meant(out, errnoName(Number(n)))
  else if (type === 'sigtype') meant(out, signalName(Number(n)))
  else if (type === 'reltime') meant(out, secondsText(Number(n)))
}

const PLAIN = /^-?(\d+|0x[0-9a-f]+)$/

/** What bytes mean. */
function toldBy(e: Event, shape: Shape, from: number, to: number): string | undefined {
  if (shape.look.kind === 'text') return textAt(e.batch.arena, from, to)
  return shapeText(e.batch.view, shape, from, to)
}

/** Text to its NUL. */
function textAt(arena: Uint8Array, from: number, to: number): string {
  const end = arena.indexOf(0, from)
  return decodeText(arena, from, end < 0 || end > to ? to : end)
}

/** The little-endian integer at `at`; errno, fd and int64 are signed. undefined when its size is none of an integer. */
function integerAt(v: DataView, at: number, size: number, type: string): bigint | undefined {
  const signed = type === 'errno' || type === 'fd' || type === 'int64'
  if (size === 8) return signed ? v.getBigInt64(at, true) : v.getBigUint64(at, true)
  if (size === 4) return BigInt(signed ? v.getInt32(at, true) : v.getUint32(at, true))
  return size === 1 ? BigInt(v.getUint8(at)) : undefined
}
