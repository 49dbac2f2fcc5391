// Shapes: the meaning of bytes in a program's memory. A structure is declared as in the kernel's header, member by member; the
// offsets follow from C's rules, and so does whether a 32-bit program uses the same layout.
import type { FlagTable } from './flag-table.js'

/** Size and alignment of a C type. */
interface Extent {
  readonly size: number
  readonly align: number
}

/** How a value is shown. Integers are little-endian, as wide as the shape is. */
export type Look =
  | { readonly kind: 'int'; readonly signed: boolean; readonly base: 'dec' | 'hex' | 'oct' }
  | { readonly kind: 'names'; readonly table: FlagTable; readonly bits: boolean; readonly base: 'dec' | 'hex' | 'oct' }
  | {
      readonly kind:
        | 'signal'
        | 'signals'
        | 'errno'
        | 'device'
        | 'mode'
        | 'text'
        | 'texts'
        | 'bytes'
        | 'address'
        | 'set'
        | 'port'
        | 'wait'
        | 'int32'
    }
  | { readonly kind: 'struct'; readonly members: readonly Member[] }
  /** as many elements as there are bytes for, `most` of them shown; whole: the array has exactly these */
  | { readonly kind: 'list'; readonly of: Shape; readonly most: number }
  /** offset of a text that follows the structure's members: so many bytes after `from`; not shown at 0 */
  | { readonly kind: 'pooled'; readonly from: number }
  /** control messages of a socket, with the names of levels, and of types with the shapes of their data */
  | { readonly kind: 'control'; readonly names: ControlNames }
  /** depends on the member `by` of the enclosing structure */
  | {
      readonly kind: 'choice'
      readonly by: string
      readonly shapes: ReadonlyMap<number, Shape>
      readonly otherwise?: Shape
    }

interface ControlNames {
  level(level: number): string | undefined
  kind(level: number, kind: number): readonly [name: string | undefined, shape?: Shape]
}

export interface Shape extends Extent {
  /** in a 32-bit program (i386) */
  readonly narrow: Extent
  readonly look: Look
  /** not shown within a structure if all its bytes are 0 */
  readonly quiet?: boolean
  /** its shape on arm64, if it differs; not for members */
  readonly arm64?: Shape
}

export interface Member {
  readonly name: string
  /** offset from the structure's start */
  readonly at: number
  readonly shape: Shape
}

/** Whether 32-bit programs use the same layout as 64-bit ones. */
export function portable(shape: Shape): boolean {
  if (shape.size !== shape.narrow.size) return false
  const { look } = shape
  if (look.kind === 'list') return portable(look.of)
  if (look.kind === 'choice') return [...look.shapes.values()].every(portable)
  if (look.kind !== 'struct') return true
  const narrow = offsets(look.members.map((m) => m.shape.narrow)).at
  const wide = offsets(look.members.map((m) => m.shape)).at
  return look.members.every((m, i) => narrow[i] === wide[i] && portable(m.shape))
}

function offsets(members: readonly Extent[]): { at: number[]; extent: Extent } {
  let end = 0
  let align = 1
  const at = members.map((m) => {
    const start = Math.ceil(end / m.align) * m.align
    end = start + m.size
    align = Math.max(align, m.align)
    return start
  })
  return { at, extent: { size: Math.ceil(end / align) * align, align } }
}

function integer(size: number, signed: boolean, base: 'dec' | 'hex' | 'oct' = 'dec', isLong = false): Shape {
  return {
    size,
    align: size,
    narrow: { size: isLong ? 4 : size, align: Math.min(isLong ? 4 : size, 4) },
    look: { kind: 'int', signed, base },
  }
}

export const u8 = integer(1, false)
export const u16 = integer(2, false)
export const u32 = integer(4, false)
export const u64 = integer(8, false)
export const s16 = integer(2, true)
export const s32 = integer(4, true)
export const s64 = integer(8, true)
export const x8 = integer(1, false, 'hex')
export const x16 = integer(2, false, 'hex')
export const x32 = integer(4, false, 'hex')
export const x64 = integer(8, false, 'hex')
export const o32 = integer(4, false, 'oct')
/** `long` and `unsigned long`, as wide as a pointer */
export const long = integer(8, true, 'dec', true)
export const ulong = integer(8, false, 'dec', true)
export const xlong = integer(8, false, 'hex', true)
export const pointer = xlong

/** A shape of the same extent that is shown differently. */
export const like = (shape: Shape, look: Look): Shape => ({ ...shape, look })

/** Bits with names in an integer like `of`. */
export function bits(table: FlagTable, of: Shape = u32): Shape {
  return like(of, { kind: 'names', table, bits: true, base: 'hex' })
}

/** One of several named values. */
export function one(table: FlagTable, of: Shape = u32): Shape {
  return like(of, { kind: 'names', table, bits: false, base: of.look.kind === 'int' ? of.look.base : 'dec' })
}

export const signal = like(s32, { kind: 'signal' })
/** a process's exit or stop status as wait returns it */
export const waitStatus = like(s32, { kind: 'wait' })
export const errno = like(s32, { kind: 'errno' })
/** a set of signals, bit 0 is signal 1 */
export const signals = like(u64, { kind: 'signals' })
/** a device number as `stat` has it */
export const device = like(u32, { kind: 'device' })
/** type and permissions of a file */
export const mode = like(u32, { kind: 'mode' })
/** an address in four bytes or sixteen; a port in network order */
export const ipv6: Shape = { size: 16, align: 4, narrow: { size: 16, align: 4 }, look: { kind: 'address' } }
export const ipv4: Shape = { size: 4, align: 4, narrow: { size: 4, align: 4 }, look: { kind: 'address' } }
export const port = like(u16, { kind: 'port' })

const plain = (size: number, look: Look): Shape => ({ size, align: 1, narrow: { size, align: 1 }, look })

/** major:minor of a device's number in the kernel's 32-bit encoding; undefined for 0. */
export const deviceName = (n: number): string | undefined =>
  n === 0 ? undefined : `${(n >>> 8) & 0xfff}:${((n >>> 12) & 0xfff00) | (n & 0xff)}`

/** Text of up to `size` bytes, or up to its NUL. */
export const text = (size: number): Shape => plain(size, { kind: 'text' })
/** Consecutive texts, each with its NUL. */
export const texts = (size: number): Shape => plain(size, { kind: 'texts' })
/** The offset of a text among those that start `from` bytes after the structure's start. */
export const pooled = (from: number): Shape => quiet(like(u32, { kind: 'pooled', from }))
/** Bytes of unknown meaning. */
export const bytes = (size: number): Shape => plain(size, { kind: 'bytes' })
/** Padding that is not shown. */
export const gap = (size: number, align = 1): Shape => ({
  ...bytes(size),
  align,
  narrow: { size, align: Math.min(align, 4) },
})
/** Control messages of sockets, up to the end of the bytes. */
export const control = (names: ControlNames): Shape => plain(0, { kind: 'control', names })
/** Numbers of the bits that are set: processors, memory nodes, descriptors. */
export const set = (most = 1024): Shape => plain(most / 8, { kind: 'set' })

/** An array; without a count, as many elements as bytes were recorded. */
export function list(of: Shape, count = 0, most = count || 16): Shape {
  const times = (e: Extent): Extent => ({ size: e.size * count, align: e.align })
  return {
    ...times(of),
    narrow: times(of.narrow),
    look: { kind: 'list', of, most },
    ...(of.arm64 && { arm64: list(of.arm64, count, most) }),
  }
}

/** A member that is omitted if it is 0: most members of a large structure usually are. */
export function quiet(shape: Shape): Shape {
  return { ...shape, quiet: true }
}

/** A union: the member `by` before it selects the shape. A structure's members are shown as the outer one's. */
export function choice(
  by: string,
  shapes: readonly (readonly [values: number | readonly number[], shape: Shape])[],
  otherwise?: Shape,
): Shape {
  const all = [...shapes.map(([, shape]) => shape), ...(otherwise ? [otherwise] : [])]
  const widest = (of: (s: Shape) => Extent): Extent => ({
    size: Math.max(...all.map((s) => of(s).size)),
    align: Math.max(...all.map((s) => of(s).align)),
  })
  const map = new Map(shapes.flatMap(([values, shape]) => [values].flat().map((v) => [v as number, shape] as const)))
  return {
    ...widest((s) => s),
    narrow: widest((s) => s.narrow),
    look: { kind: 'choice', by, shapes: map, ...(otherwise && { otherwise }) },
  }
}

/** The same without padding, as with `__attribute__((packed))`. */
export const packed = (shape: Shape): Shape => ({ ...shape, align: 1, narrow: { ...shape.narrow, align: 1 } })

/** A shape that differs on arm64. For whole parameters only, so that nested shapes need no check. */
export const onArm64 = (shape: Shape, other: Shape): Shape => ({ ...shape, arm64: other })

/** Named bits that may differ on arm64, according to the table. For whole parameters only. */
export const bitsByArch = (table: FlagTable, of: Shape = u32): Shape =>
  onArm64(bits(table, of), bits(table.arm64 ?? table, of))

/** A structure. Members whose names start with _ take up space but are not shown. */
export function struct(members: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(members)
  const differs = entries.find(([, s]) => s.arm64 !== undefined)
  if (differs !== undefined) throw new Error(`member ${differs[0]} is another on arm64: declare the structure for each`)
  const wide = offsets(entries.map(([, s]) => s))
  const narrow = offsets(entries.map(([, s]) => s.narrow))
  return {
    ...wide.extent,
    narrow: narrow.extent,
    look: { kind: 'struct', members: entries.map(([name, shape], i) => ({ name, at: wide.at[i] as number, shape })) },
  }
}
