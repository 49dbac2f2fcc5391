// Tables of what a selector's value (a command, an option, a request) makes of an argument.
import type { Shape } from './shape.js'
import { portable } from './shape.js'
import type { BytesSource, Case, CaseTable } from './types.js'

/** What a value's name stands for: where the bytes are and what they mean. n: the argument, when it is not the table's own. */
export interface Meaning {
  readonly from: NonNullable<Case['from']>
  readonly shape?: Shape
}

/** Most bytes that are copied of a list whose length the caller tells. */
const MOST = 1024

/** Bytes at argument n that the caller filled in. */
export function given(shape: Shape, n: number, more: Partial<BytesSource> = {}): Meaning {
  const there = shape.arm64 && { arm64: bytesOf(shape.arm64, n, more) }
  return { from: { ...bytesOf(shape, n, more), ...there }, shape }
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

/** Bytes at argument n that the call wrote; absent when it failed. */
export const filled = (shape: Shape, n: number, more: Partial<BytesSource> = {}): Meaning =>
  given(shape, n, { on: 'ok', ...more })

/** The argument itself. */
export const itself = (shape: Shape, n: number): Meaning => ({
  from: { op: 'bytes', n, size: 8, itself: true },
  shape,
})

/** Text at argument n, to its NUL; via: at the address that lies so many bytes behind it. */
export const texts = (shape: Shape, n: number, via?: number): Meaning => ({
  from: { op: 'str', n, at: 'exit', ...(via !== undefined && { via }) },
  shape,
})

/** A table: name, value, and what the argument then is (nothing: nothing). */
export function caseTable(
  name: string,
  entries: readonly (readonly [name: string, value: number, meaning?: Meaning | undefined])[],
  more: Pick<CaseTable, 'mask' | 'otherwise'> = {},
): CaseTable {
  return { name, cases: new Map(entries.map(([n, value, meaning]) => [value >>> 0, { name: n, ...meaning }])), ...more }
}

/** The case of a selector's value. */
export function selected(table: CaseTable, value: number): Case | undefined {
  return table.cases.get((table.mask === undefined ? value : value & table.mask) >>> 0)
}

/** Name of a selector's value. */
export function caseName(table: CaseTable, value: number): string | undefined {
  return selected(table, value)?.name ?? table.otherwise?.(value >>> 0)
}
