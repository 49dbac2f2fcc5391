// DELTA_BINARY_PACKED: integers as differences between neighbours, in blocks that each have their own bit width.
import { bitWidth, type PageBuffer } from './page-buffer.js'

const BLOCK = 128
const MINIBLOCKS = 4
const EACH = BLOCK / MINIBLOCKS

const deltas = new Float64Array(BLOCK)

/** Appends numbers relative to `base`; a Number must hold their differences exactly. */
export function putDeltas(out: PageBuffer, numbers: Float64Array, base: bigint): void {
  const n = numbers.length
  out.varint(BLOCK)
  out.varint(MINIBLOCKS)
  out.varint(n)
  out.zigzagBig(n === 0 ? 0n : base + BigInt(numbers[0] as number))
  for (let from = 1; from < n; from += BLOCK) putBlock(out, numbers, from, Math.min(n - from, BLOCK))
}

function putBlock(out: PageBuffer, numbers: Float64Array, from: number, count: number): void {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const d = (numbers[from + i] as number) - (numbers[from + i - 1] as number)
    deltas[i] = d
    if (d < least) least = d
  }
  for (let i = 0; i < count; i++) deltas[i] = (deltas[i] as number) - least
  deltas.fill(0, count)
  out.zigzag(least)
  const widths = [0, 1, 2, 3].map((m) => {
    let most = 0
    for (let i = m * EACH; i < (m + 1) * EACH; i++) most = Math.max(most, deltas[i] as number)
    return bitWidth(most)
  })
  for (const w of widths) out.byte(w)
  widths.forEach((w, m) => {
    // miniblocks after the last value are omitted
    if (w === 0 || m * EACH >= count) return
    for (let i = m * EACH; i < (m + 1) * EACH; i++) out.bits(deltas[i] as number, w)
    out.packed()
  })
}
