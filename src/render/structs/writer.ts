// Text of structures (schema/shape.ts): {a=1, b=[2, 3]}, with names of numbers where declared, without members that
// were cut off. A writer is created once per shape; that of a structure is generated, from numbers and from texts
// passed as constants.

import { decodeText } from '../../model/text.js'
import type { Look, Member, Shape } from '../../schema/shape.js'
import { ByteWriter } from '../bytes/byte-writer.js'
import { EncodedText } from '../bytes/encoded-text.js'
import { writeControl } from './control-messages.js'
import { numberWriter } from './numbers.js'
import type { WriteShape } from './write-shape.js'

/** Appends the text of the bytes from `at` to `end`. */
type Write = (out: ByteWriter, view: DataView, at: number, end: number) => void
/**
 * Appends the members of a structure at `at`, after a comma if `some` were already written; returns whether some are
 * now.
 */
type Members = (out: ByteWriter, view: DataView, at: number, end: number, some: boolean) => boolean

const OPEN = 123
const CLOSE = 125
const OPEN_LIST = 91
const CLOSE_LIST = 93
const NEXT = new EncodedText(', ')
const MORE = new EncodedText('...')

const writers = new WeakMap<Shape, WriteShape>()

/** The writer of a shape. */
export function shapeWriter(shape: Shape): WriteShape {
  let w = writers.get(shape)
  if (w === undefined) {
    w = guarded(shape)
    writers.set(shape, w)
  }
  return w
}

/** Decides what depends on the shape once, instead of for each value. */
function guarded(shape: Shape): WriteShape {
  const { size, look } = shape
  const write = writerOf(shape)
  const fewest = look.kind === 'struct' ? 1 : isLong(shape) ? 0 : size
  const most = look.kind === 'struct' || size === 0 ? Number.POSITIVE_INFINITY : size
  return (out, view, at, end) => {
    if (at + fewest > end) return false
    write(out, view, at, end - at > most ? at + most : end)
    return true
  }
}

const scratch = new ByteWriter(1024, 'recorded')

/** The same as text, as recorded: the caller must escape control characters before printing. */
export function shapeText(view: DataView, shape: Shape, at: number, end: number): string | undefined {
  scratch.clear()
  if (!shapeWriter(shape)(scratch, view, at, end)) return undefined
  return scratch.decoded(0, scratch.length)
}

/** Whether a shape is shown even if its bytes were cut. */
function isLong({ look }: Shape): boolean {
  return LONG.has(look.kind)
}

const LONG: ReadonlySet<Look['kind']> = new Set(['struct', 'list', 'text', 'texts', 'bytes', 'set', 'control'])

function writerOf(shape: Shape): Write {
  const { look } = shape
  switch (look.kind) {
    case 'struct': {
      const members = membersOf(look.members)
      return (out, view, at, end) => {
        out.byte(OPEN)
        members(out, view, at, end, false)
        out.byte(CLOSE)
      }
    }
    case 'list':
      return list(look.of, look.most)
    case 'text':
      return quoted
    case 'texts':
      return texts
    case 'bytes':
      return dump
    case 'set':
      return set
    case 'control':
      return writeControl(look, shapeWriter, dump)
    case 'choice':
    case 'pooled':
      throw new Error(`a ${look.kind} is a member of a structure`)
    default:
      return numberWriter(shape)
  }
}

/** Generated, so that each member's writer has a call site of its own. */
function membersOf(members: readonly Member[]): Members {
  const constants: unknown[] = []
  const constant = (value: unknown) => `k${constants.push(value) - 1}`
  const lines = members.map((m) => {
    const kind = m.shape.look.kind
    if (m.name.startsWith('_') && kind !== 'choice') return ''
    if (kind === 'choice' || kind === 'pooled') {
      const write = constant(kind === 'choice' ? unionMember(members, m) : specificMember(m, m.shape))
      return `if(at+${m.at}<end)some=${write}(out,v,at,end,some)`
    }
    const { size, quiet } = m.shape
    const stop = size > 0 ? `Math.min(end,at+${m.at + size})` : 'end'
    const conditions = [`at+${m.at}<end`]
    if (!isLong(m.shape)) conditions.push(`at+${m.at + size}<=end`)
    if (quiet) conditions.push(`!zero(v,at+${m.at},${stop})`)
    const label = `out.encoded(some?${constant(new EncodedText(`, ${m.name}=`))}:${constant(new EncodedText(`${m.name}=`))})`
    return `if(${conditions.join('&&')}){${label};some=true;${constant(writerOf(m.shape))}(out,v,at+${m.at},${stop})}`
  })
  const body = `return (out,v,at,end,some)=>{${lines.join('\n')};return some}`
  return new Function('zero', ...constants.map((_, i) => `k${i}`), body)(zero, ...constants) as Members
}

/** A member whose form is specific to this structure: a pooled text, or a variant of a union. */
function specificMember(m: Member, shape: Shape): Members {
  const { look, size, quiet } = shape
  if (look.kind === 'struct') {
    const inner = membersOf(look.members)
    return (out, view, at, end, some) => inner(out, view, at + m.at, end, some)
  }
  const first = new EncodedText(`${m.name}=`)
  const next = new EncodedText(`, ${m.name}=`)
  const write = look.kind === 'pooled' ? quoted : writerOf(shape)
  const fewest = isLong(shape) ? 0 : size
  return (out, view, at, end, some) => {
    let from = at + m.at
    let stop = size > 0 ? Math.min(end, from + size) : end
    if (quiet && zero(view, from, stop)) return some
    if (look.kind === 'pooled') {
      if (from + size > end) return some
      from = at + look.from + view.getUint32(from, true)
      stop = end
      if (from >= end) return some
    } else if (from + fewest > stop) return some
    out.encoded(some ? next : first)
    write(out, view, from, stop)
    return true
  }
}

/** Maximum nesting of unions; a deeper declaration is an error. */
const DEEPEST = 8

/** A union, whose variant is selected by another member of its structure. */
function unionMember(members: readonly Member[], m: Member): Members {
  const parts = new Map<Shape, Members>()
  return (out, view, at, end, some) => {
    let s: Shape | undefined = m.shape
    for (let i = 0; s?.look.kind === 'choice' && i < DEEPEST; i++) {
      const look: Extract<Look, { kind: 'choice' }> = s.look
      const selector: Member | undefined = members.find((other) => other.name === look.by)
      const value = selector && selectorAt(view, selector.shape, at + selector.at, end)
      s = value === undefined ? undefined : (look.shapes.get(value) ?? look.otherwise)
    }
    if (s === undefined || s.look.kind === 'choice') return some
    let write = parts.get(s)
    if (write === undefined) {
      write = specificMember(m, s)
      parts.set(s, write)
    }
    return write(out, view, at, end, some)
  }
}

/** The integer that selects the variant of a union; undefined if it was cut off. */
function selectorAt(view: DataView, { look, size }: Shape, at: number, end: number): number | undefined {
  if (at + size > end) return undefined
  const signed = look.kind === 'int' ? look.signed : look.kind === 'signal' || look.kind === 'wait'
  switch (size) {
    case 1:
      return signed ? view.getInt8(at) : view.getUint8(at)
    case 2:
      return signed ? view.getInt16(at, true) : view.getUint16(at, true)
    case 4:
      return signed ? view.getInt32(at, true) : view.getUint32(at, true)
    default:
      return Number(signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true))
  }
}

function zero(view: DataView, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (view.getUint8(i) !== 0) return false
  return true
}

function list(of: Shape, most: number): Write {
  const write = of.look.kind === 'choice' ? undefined : writerOf(of)
  return (out, view, at, end) => {
    out.byte(OPEN_LIST)
    let count = 0
    for (let from = at; from + of.size <= end; from += of.size, count++) {
      if (count > 0) out.encoded(NEXT)
      if (count === most) {
        out.encoded(MORE)
        break
      }
      write?.(out, view, from, from + of.size)
    }
    out.byte(CLOSE_LIST)
  }
}

/** Text up to its NUL, in quotes. */
function quoted(out: ByteWriter, view: DataView, at: number, end: number): void {
  let to = at
  while (to < end && view.getUint8(to) !== 0) to++
  const arena = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  out.text(`"${decodeText(arena, at, to).replace(/["\\]/g, '\\$&')}"`)
}

function texts(out: ByteWriter, view: DataView, at: number, end: number): void {
  out.byte(OPEN_LIST)
  for (let from = at; from < end; from++) {
    if (from > at) out.encoded(NEXT)
    quoted(out, view, from, end)
    while (from < end && view.getUint8(from) !== 0) from++
  }
  out.byte(CLOSE_LIST)
}

function dump(out: ByteWriter, view: DataView, at: number, end: number): void {
  let text = '0x'
  for (let i = at; i < end; i++) text += view.getUint8(i).toString(16).padStart(2, '0')
  out.trusted(text)
}

/** Indexes of the bits that are set, consecutive ones as first-last. */
function set(out: ByteWriter, view: DataView, at: number, end: number): void {
  const runs: string[] = []
  let first = -1
  const bits = (end - at) * 8
  for (let i = 0; i <= bits; i++) {
    const isSet = i < bits && (view.getUint8(at + (i >> 3)) & (1 << (i & 7))) !== 0
    if (isSet && first < 0) first = i
    if (isSet || first < 0) continue
    runs.push(first === i - 1 ? `${first}` : `${first}-${i - 1}`)
    first = -1
  }
  out.trusted(`[${runs.join(', ')}]`)
}
