// Arguments whose meaning depends on the value of a selector (a command, an option, a request).
import { lazily } from './lazy.js'
import type { Shape } from './shape.js'
import { portable } from './shape.js'
import type { BytesSource, Case, CaseTable } from './sources.js'

/** The meaning of an argument: where its bytes are, and their shape. n: its index, if it is not the table's own argument. */
export interface Meaning {
  readonly from: NonNullable<Case['from']>
  readonly shape?: Shape
}

/** Most bytes that are copied of a list whose length the caller specifies. */
const MOST = 1024

/** Bytes at argument n that the caller filled in. */
export function inputAt(shape: Shape, n: number, more: Partial<BytesSource> = {}): Meaning {
  const onArm64 = shape.arm64 && { arm64: bytesOf(shape.arm64, n, more) }
  return { from: { ...bytesOf(shape, n, more), ...onArm64 }, shape }
}

function bytesOf(shape: Shape, n: number, more: Partial<BytesSource>): BytesSource {
  const { look } = shape
  const size = more.size ?? (look.kind === 'list' && shape.size === 0 ? (look.most + 1) * look.of.size : shape.size)
  const each = look.kind === 'list' && shape.size === 0 && more.within === undefined ? { each: look.of.size } : {}
  return {
    op: 'bytes',
    n,
    ...(more.count !== undefined && each),
    ...more,
    size: Math.min(size || MOST, MOST),
    ...(!portable(shape) && { native: true }),
  }
}

/** Bytes at argument n that the call wrote; absent if it failed. */
export const outputAt = (shape: Shape, n: number, more: Partial<BytesSource> = {}): Meaning =>
  inputAt(shape, n, { on: 'ok', ...more })

/** The argument itself. */
export const itself = (shape: Shape, n: number): Meaning => ({
  from: { op: 'bytes', n, size: 8, itself: true },
  shape,
})

/** Text at argument n, up to its NUL; via: at the address that is stored so many bytes after it. */
export const texts = (shape: Shape, n: number, via?: number): Meaning => ({
  from: { op: 'str', n, at: 'exit', ...(via !== undefined && { via }) },
  shape,
})

/** A value of a selector: its name, the value, and the meaning of the argument for it (if it has one). */
type Entry = readonly [name: string, value: number, meaning?: Meaning | undefined]

/** A table of values; a function that returns them is called when the table is first used. */
export function caseTable(
  name: string,
  entries: readonly Entry[] | (() => readonly Entry[]),
  more: Pick<CaseTable, 'mask' | 'otherwise'> = {},
): CaseTable {
  return lazily({ name, ...more }, 'cases', () => {
    const all = typeof entries === 'function' ? entries() : entries
    return new Map(all.map(([n, value, meaning]) => [value >>> 0, { name: n, ...meaning }]))
  })
}

/** The case for a selector's value. */
export function selected(table: CaseTable, value: number): Case | undefined {
  return table.cases.get((table.mask === undefined ? value : value & table.mask) >>> 0)
}

/** Name of a selector's value. */
export function caseName(table: CaseTable, value: number): string | undefined {
  return selected(table, value)?.name ?? table.otherwise?.(value >>> 0)
}
