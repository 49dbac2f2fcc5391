// Writes socket addresses of arguments straight into a line. Each returns true when it did nothing, since the address is an
// unusual one that the renderers must write.
import type { FieldContext } from '../../fields/field.js'
import { AF_INET } from '../../model/address.js'
import type { EventBatch } from '../../model/batch.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { Piece } from '../bytes/encoded-text.js'

const COLON = 58
const DOT = 46
const ARROW = new Piece('->')
const NOTHING = new Piece('NULL')
/** bytes of an address and a port */
const END = 6

/** Both ends of a socket, from source to destination (model/address.ts). */
export function tuple(out: ByteWriter, b: EventBatch, at: number, ctx: FieldContext): boolean {
  const { view } = b
  const length = view.getUint16(at - 2, true)
  if (length === 0) {
    out.piece(NOTHING)
    return false
  }
  if (view.getUint8(at) !== AF_INET || length < 1 + 2 * END || ctx.format.resolvePorts) return true
  end(out, view, at + 1)
  out.piece(ARROW)
  end(out, view, at + 1 + END)
  return false
}

/** One end. */
export function address(out: ByteWriter, b: EventBatch, at: number, ctx: FieldContext): boolean {
  const { view } = b
  const length = view.getUint16(at - 2, true)
  if (length < 1 + END || view.getUint8(at) !== AF_INET || ctx.format.resolvePorts) return true
  end(out, view, at + 1)
  return false
}

function end(out: ByteWriter, view: DataView, at: number): void {
  out.int(view.getUint8(at))
  out.byte(DOT)
  out.int(view.getUint8(at + 1))
  out.byte(DOT)
  out.int(view.getUint8(at + 2))
  out.byte(DOT)
  out.int(view.getUint8(at + 3))
  out.byte(COLON)
  out.int(view.getUint16(at + 4, true))
}
