// Writes data from a program's memory: texts, lists of texts, buffers and structures.

import { FIRST_DATA } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { decodeText } from '../../model/text.js'
import { splitList } from '../../model/text-list.js'
import { selected } from '../../schema/cases.js'
import { holdsData } from '../../schema/data-params.js'
import type { Shape } from '../../schema/shape.js'
import type { ParamDef } from '../../schema/types.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { netlinkProtocol, writeMessages } from '../structs/netlink.js'
import { shapeWriter } from '../structs/writer.js'
import { type BufferStyle, writeBuffer } from './buffer.js'
import { NOTHING, type WriteBytes } from './write.js'

export const text: WriteBytes = (out, e, _, at, end) => {
  if (!out.printable(e.batch.view, at, end)) out.text(decodeText(e.batch.arena, at, end))
}

/** Items of a list, joined by dots. */
export const list: WriteBytes = (out, e, _, at, end) =>
  out.text(splitList(decodeText(e.batch.arena, at, end)).join('.'))

/** Memory that is not I/O data is never masked; it is text, such as arguments of a command. */
function styleOfOthers(style: BufferStyle): BufferStyle {
  return style === 'masked' || style === 'hexLine' ? 'dots' : style
}

/**
 * Data read or written, in the buffer style; in live captures also as a structure, or as messages of a netlink socket.
 */
export function buffer(param: ParamDef): WriteBytes {
  const { shape, messages } = param
  const struct = shape && shapeWriter(shape)
  const styleOf = holdsData(param) ? (style: BufferStyle) => style : styleOfOthers
  return (out, e, { format }, at, end) => {
    const { view, native } = e.batch
    if (end === at) out.encoded(NOTHING)
    else if (struct !== undefined && native) {
      if (!struct(out, view, at, end)) out.encoded(NOTHING)
    } else {
      const protocol = messages && format.buffer === 'dots' ? netlinkProtocol(e) : undefined
      if (protocol !== undefined && writeMessages(out, view, at, end, protocol)) return
      writeData(out, e, at, end, styleOf(format.buffer), format.fullBuffers)
    }
  }
}

/** I/O data, which may continue after the parameters of its row. */
function writeData(out: ByteWriter, e: Event, at: number, end: number, style: BufferStyle, full: boolean): void {
  if (end - at !== FIRST_DATA) {
    writeBuffer(out, e.batch.view, at, end, style, full)
    return
  }
  const { buffer, byteOffset, length } = e.data(at)
  writeBuffer(out, new DataView(buffer, byteOffset, length), 0, length, style, full)
}

/** A structure; in a parameter with cases, its shape depends on the value of another one. */
export function struct({ shape, cases }: ParamDef): WriteBytes {
  if (cases === undefined) return ofShape(shape)
  const { table, by } = cases
  const writers = new Map<Shape, WriteBytes>()
  return (out, e, ctx, at, end) => {
    const value = e.number(by)
    const found = value === undefined ? undefined : selected(table, value)?.shape
    if (found === undefined) {
      out.encoded(NOTHING)
      return
    }
    let write = writers.get(found)
    if (write === undefined) {
      write = ofShape(found)
      writers.set(found, write)
    }
    write(out, e, ctx, at, end)
  }
}

function ofShape(shape: Shape | undefined): WriteBytes {
  if (shape === undefined) return (out) => out.encoded(NOTHING)
  const x64 = shapeWriter(shape)
  const arm64 = shape.arm64 === undefined ? x64 : shapeWriter(shape.arm64)
  return (out, { batch }, _, at, end) => {
    const write = batch.arch === 'arm64' ? arm64 : x64
    if (!write(out, batch.view, at, end)) out.encoded(NOTHING)
  }
}
