// Where the cells of a spectrogram are: rows are intervals, columns are latencies, as many parts of a power of ten as fit.
import { DECADES } from '../../format/heat/latency-axis.js'
import { PARTS, PARTS_OF_DECADE } from '../latency-parts.js'
import type { UiState } from '../state/model.js'
import { layout } from './layout.js'

/** cells for the time, before those of the row */
export const TIME_WIDTH = 10

/** Parts of latencies that are one column: the fewest for which all columns fit. */
export function partsOfColumn(width: number): number {
  const room = width - TIME_WIDTH
  for (let parts = 1; parts < PARTS_OF_DECADE; parts++)
    if (PARTS_OF_DECADE % parts === 0 && (DECADES * PARTS_OF_DECADE) / parts <= room) return parts
  return PARTS_OF_DECADE
}

/** Calls by column. */
export function columnCounts(cells: readonly unknown[], parts: number): number[] {
  const out = new Array<number>(PARTS / parts).fill(0)
  for (const [part, n] of cells.entries()) out[Math.floor(part / parts)]! += n as number
  return out
}

/** The first part of the column at a place of the screen, and the line of the table; undefined where there is no cell. */
export function cellAt(s: UiState, x: number, y: number): { readonly line: number; readonly part: number } | undefined {
  const { bodyAt, body } = layout(s)
  const part = (x - TIME_WIDTH) * partsOfColumn(s.width)
  if (y < bodyAt || y >= bodyAt + body || part < 0 || part >= PARTS) return undefined
  return { line: y - bodyAt, part }
}
