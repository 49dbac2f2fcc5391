// The menu of columns: which are shown, and their order.
import { availableColumns } from '../layout/columns.js'
import type { Overlay, Step, UiState } from '../model/model.js'
import { step } from '../model/model.js'
import { arrangementOf, saveViewSettings } from '../model/settings.js'

type ColumnMenu = Extract<Overlay, { at: number }>

/** Shows or hides the marked column; the last one cannot be hidden. */
export function toggleColumn(s: UiState, at: number): Step {
  const columns = availableColumns(s)
  const chosen = columns[at]
  if (chosen === undefined) return step(s)
  if (chosen.shown && columns.filter((c) => c.shown).length === 1)
    return step({ ...s, note: 'the last column cannot be hidden' })
  return arrange(
    s,
    columns.map((c) => (c === chosen ? { ...c, shown: !c.shown } : c)),
  )
}

/** Handles keys that only this menu has; undefined for others. */
export function columnMenuKey(s: UiState, o: ColumnMenu, key: string): Step | undefined {
  switch (key) {
    case 'space':
      return toggleColumn(s, o.at)
    case 'K':
    case 'shift+up':
    case 'left':
      return move(s, o, -1)
    case 'J':
    case 'shift+down':
    case 'right':
      return move(s, o, 1)
    case 'r':
      return saveViewSettings(step(s), { columns: undefined })
    default:
      return undefined
  }
}

function move(s: UiState, o: ColumnMenu, by: number): Step {
  const columns = availableColumns(s)
  const to = o.at + by
  const moved = columns[o.at]
  if (moved === undefined || to < 0 || to >= columns.length) return step(s)
  const order = columns.toSpliced(o.at, 1).toSpliced(to, 0, moved)
  return arrange({ ...s, overlay: { ...o, at: to } }, order)
}

function arrange(s: UiState, columns: ReturnType<typeof availableColumns>): Step {
  const title = (c: (typeof columns)[number]) => c.column.title
  // columns that are absent now, for example without containers, keep their place and stay hidden
  const before = arrangementOf(s)
  const absent = (before?.hidden ?? []).filter((t) => !columns.some((c) => title(c) === t))
  const order = columns.map(title)
  const hidden = [...columns.filter((c) => !c.shown).map(title), ...absent]
  return saveViewSettings(step(s), { columns: { order, hidden } })
}
