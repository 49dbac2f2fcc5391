// Cells as text: short numbers with units.
import { humanSpan } from '../fields/clock.js'
import { ageText } from '../format/text/duration.js'
import { barsText } from './bars.js'
import type { Cell, Column, Unit } from './types.js'

const MARK = '≥'
const SIZES = ['B', 'K', 'M', 'G', 'T', 'P'] as const

/** The text of a cell; '' for an absent value. Text of other origin is returned as it is, unsafe characters included. */
export function cellText(value: Cell, column: Pick<Column, 'unit'>): string {
  if (value === undefined) return ''
  if (column.unit === 'mark') return value === true ? MARK : ''
  if (column.unit === 'bars' && Array.isArray(value)) return barsText(value)
  if (typeof value === 'number') return numberText(value, column.unit ?? 'text')
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** Percent that ns of a second are. */
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
