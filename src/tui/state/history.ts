// What a live page remembers: its last snapshots, bounded by the room they take, and which of them is looked at.
import { sortRows } from '../rows.js'
import type { Rows } from '../worker/messages.js'
import { mergeRows } from './gone.js'
import { type Answer, page, type ShownRow, type UiState } from './model.js'
import { settle } from './selection.js'

/** Rows of all remembered snapshots together, those counted once that several share: some tens of MB. */
export const REMEMBERED = 60_000
/** What a row takes in a snapshot that shares it, in rows. */
const SHARED = 1 / 50

/** The state with a new snapshot; what is held still stays on the screen. */
export function recordSnapshot(s: UiState, r: Rows): UiState {
  const { view } = page(s)
  const table = view.table !== undefined
  const live = s.source?.live === true
  const before = s.history[s.history.length - 1]
  const collapseColumns = (table && view.collapseBy?.length) || 0
  const rows: readonly ShownRow[] =
    live && table ? mergeRows(before?.rows ?? [], r, collapseColumns) : r.rows.map((x) => ({ ...x, gone: 0 }))
  const answer: Answer = {
    columns: before?.columns ?? r.columns,
    rows,
    total: r.total,
    sort: r.sort,
    span: r.span,
    progress: r.progress,
    cancelled: r.cancelled,
    time: r.time,
    room: room(rows, before),
  }
  const history = live && table ? bounded([...s.history, answer]) : [answer]
  return s.held && s.answer !== undefined ? { ...s, history } : { ...s, history, answer, refused: undefined }
}

function room(rows: readonly ShownRow[], before: Answer | undefined): number {
  const shared = new Set(before?.rows)
  return 1 + rows.reduce((sum, r) => sum + (shared.has(r) ? SHARED : 1), 0)
}

/** The newest snapshots that fit; the last one always. */
function bounded(all: readonly Answer[]): readonly Answer[] {
  let from = all.length - 1
  let taken = all[from]?.room ?? 0
  while (from > 0) {
    taken += all[from - 1]?.room ?? 0
    if (taken > REMEMBERED) break
    from--
  }
  return from === 0 ? all : all.slice(from)
}

/** Holds what is shown, or goes on with the newest. */
export function hold(s: UiState, held: boolean): UiState {
  if (held) return { ...s, held }
  return show({ ...s, held }, s.history[s.history.length - 1])
}

/** Looks at an older (-1) or newer (1) snapshot, which is then held. */
export function lookBack(s: UiState, by: -1 | 1): UiState {
  if (s.source?.live !== true || page(s).view.table === undefined)
    return { ...s, note: 'only tables of this machine remember what they showed' }
  const at = s.history.findIndex((a) => a.time === s.answer?.time)
  const next = s.history[at + by]
  if (next === undefined)
    return { ...s, held: true, note: by < 0 ? 'nothing older is kept' : 'this is the newest; p goes on' }
  return show({ ...s, held: true }, next)
}

function show(s: UiState, answer: Answer | undefined): UiState {
  if (answer === undefined) return s
  const { sort } = page(s)
  if (sort === undefined || (answer.sort?.column === sort.column && answer.sort.ascending === sort.ascending))
    return settle({ ...s, answer })
  const there = sortRows(
    answer.rows.filter((r) => r.collapsed === undefined),
    sort,
  )
  return settle({
    ...s,
    answer: { ...answer, sort, rows: [...there, ...answer.rows.filter((r) => r.collapsed !== undefined)] },
  })
}

/** ms between the snapshot that is shown and the newest. */
export function age(s: UiState): number {
  return Math.max(0, (s.history[s.history.length - 1]?.time ?? 0) - (s.answer?.time ?? 0))
}
