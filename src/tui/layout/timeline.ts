// Where moments are on the timeline, live: a bar for each step, the newest at the right end.

import type { UiState } from '../state/model.js'
import { shownAt } from '../state/moment.js'
import { layout } from './layout.js'

/** cells before the bars, and behind them */
export const BEFORE = 10
const BEHIND = 1

/** Cells for bars. */
export function roomOf(width: number): number {
  return Math.max(10, width - BEFORE - BEHIND)
}

/** What is marked on the live timeline, in cells from its first bar's place on. */
export interface Marks {
  /** the first one that can be looked back at */
  readonly kept: number
  /** the moment that is shown; undefined for now, and where it is further back */
  readonly at: number | undefined
}

export function marksOf(s: UiState): Marks {
  const { meter, width } = s
  const room = roomOf(width)
  if (meter === undefined) return { kept: room, at: undefined }
  const cell = (time: number) => room - 1 - Math.floor(((meter.time - time) * 1e6) / meter.step)
  const moment = shownAt(s)
  const at = moment === undefined ? -1 : Math.min(room - 1, cell(moment))
  return { kept: Math.max(0, cell(meter.time - (meter.kept ?? 0) / 1e6)), at: at < 0 ? undefined : at }
}

/** The moment at a place of the screen: ms since the epoch; undefined where there is none. */
export function momentAt(s: UiState, x: number, y: number): number | undefined {
  const { meter } = s
  const from = layout(s).timelineAt
  const cell = x - BEFORE
  const room = roomOf(s.width)
  if (meter === undefined || y < from || y >= from + layout(s).timeline || cell < 0 || cell >= room) return undefined
  if (s.source?.live !== true) return undefined
  return meter.time - ((room - 1 - cell) * meter.step) / 1e6
}
