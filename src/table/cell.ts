// Cells as text: short numbers with units, and histograms as bars.

import { humanSpan } from '../fields/clock.js'
import { ageText } from '../format/text/duration.js'
import { GLYPHS } from '../model/glyphs.js'
import type { Cell, Column, Unit } from './types.js'

const SIZES = ['B', 'K', 'M', 'G', 'T', 'P'] as const

/** The text of a cell; '' for an absent value. Captured text is returned unchanged, including unsafe characters. */
export function cellText(value: Cell, column: Pick<Column, 'unit'>): string {
  if (value === undefined) return ''
  if (column.unit === 'mark') return value === true ? GLYPHS.atLeast : ''
  if (column.unit === 'bars' && Array.isArray(value)) return barsText(value)
  if (typeof value === 'number') return numberText(value, column.unit ?? 'text')
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** ns per second as percent. */
export function percentOf(ns: number): number {
  return ns / 1e7
}

function numberText(n: number, unit: Unit): string {
  switch (unit) {
    case 'bytes':
      return sizeText(n)
    case 'time':
      return n < 0 ? `-${humanSpan(-n)}` : humanSpan(Number.isInteger(n) ? n : Math.round(n))
    case 'age':
      return ageText(n)
    case 'percent':
      return n.toFixed(2)
    case 'timepct':
      return percentOf(n).toFixed(2)
    default:
      return Number.isInteger(n) ? String(n) : n.toFixed(2)
  }
}

/** Bytes with a unit of 1024: `512B`, `1.5K`, `131M`. */
function sizeText(bytes: number): string {
  let n = Math.abs(bytes)
  let i = 0
  while (n >= 1024 && i < SIZES.length - 1) {
    n /= 1024
    i++
  }
  const digits = i === 0 || n >= 100 ? Math.round(n).toString() : n >= 10 ? n.toFixed(1) : n.toFixed(2)
  return `${bytes < 0 ? '-' : ''}${digits}${SIZES[i]}`
}

/** Powers of two of ns: the second bar starts at about 1 us, the last at about 4 s. */
const FIRST_POWER = 10
const STEP = 2
const BARS = 13

/** The title above the bars, which marks the positions of 1 us, 1 ms and 1 s. As wide as the bars. */
export const BARS_TITLE = '<1us  1ms  1s'

/** Bars for counts by power of two ns. The largest count has the highest bar; every count above 0 has a visible bar. */
export function barsText(counts: readonly number[]): string {
  const bars = new Array<number>(BARS).fill(0)
  counts.forEach((n, power) => {
    const i = Math.max(0, Math.floor((power - FIRST_POWER) / STEP) + 1)
    bars[Math.min(i, BARS - 1)]! += n
  })
  const most = Math.max(...bars)
  return bars.map((n) => (n === 0 ? ' ' : GLYPHS.bars[Math.ceil((n / most) * GLYPHS.bars.length) - 1])).join('')
}
