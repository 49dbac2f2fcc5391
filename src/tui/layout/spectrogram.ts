// The cells of a spectrogram: rows are intervals, columns are ranges of latencies, as narrow as fit.
import { DECADES } from '../../format/heat/latency-axis.js'
import { PARTS, PARTS_OF_DECADE } from '../latency-parts.js'
import type { UiState } from '../state/model.js'
import { layout } from './layout.js'

/** width in cells of the time before each row */
export const TIME_WIDTH = 10

/** Latency parts per column: the fewest for which all columns fit. */
export function partsOfColumn(width: number): number {
  const room = width - TIME_WIDTH
  for (let parts = 1; parts < PARTS_OF_DECADE; parts++)
    if (PARTS_OF_DECADE % parts === 0 && (DECADES * PARTS_OF_DECADE) / parts <= room) return parts
  return PARTS_OF_DECADE
}

/** Number of calls by column. */
export function columnCounts(cells: readonly unknown[], parts: number): number[] {
  const out = new Array<number>(PARTS / parts).fill(0)
  for (const [part, n] of cells.entries()) out[Math.floor(part / parts)]! += n as number
  return out
}

/** The line of the table and the first part of the column at a position of the screen; undefined outside the cells. */
export function cellAt(s: UiState, x: number, y: number): { readonly line: number; readonly part: number } | undefined {
  const { bodyAt, body } = layout(s)
  const part = (x - TIME_WIDTH) * partsOfColumn(s.width)
  if (y < bodyAt || y >= bodyAt + body || part < 0 || part >= PARTS) return undefined
  return { line: y - bodyAt, part }
}
