// The process tree: shows, hides, folds and unfolds it.

import { rowsOf, selectedRow } from '../layout/rows.js'
import { hasTree } from '../layout/tree.js'
import { page, type ShownRow, type Step, step, type UiState, withPage } from '../model/model.js'
import { settle } from './selection.js'

const NO_TREE = 'rows of this view are not processes: there is no tree'

export function toggleTree(s: UiState): Step {
  const p = page(s)
  if (!hasTree(p)) return step({ ...s, note: NO_TREE })
  // the selected row stays selected
  const selected = selectedRow(s)?.id
  return step(settle(withPage(s, { tree: !p.tree, selected, touched: p.touched || p.at > 0 })))
}

/** Folds the selected row; a row without children, its parent. */
export function fold(s: UiState): Step {
  const p = page(s)
  if (!p.tree || !hasTree(p)) return step({ ...s, note: 'only rows of the tree can be folded: t shows it' })
  const row = selectedRow(s)
  const whole = s.result?.rows ?? []
  const hasBelow = (id: string) => !p.folded.has(id) && whole.some((r) => r.parent === id)
  const of = row !== undefined && !hasBelow(row.id) ? row.parent : row?.id
  if (of === undefined || !hasBelow(of)) return step({ ...s, note: 'this row has no children' })
  return step(
    settle(
      withPage(s, {
        folded: new Set([...p.folded, of]),
        selected: of,
        touched: true,
        followed: p.followed && of === row?.id,
      }),
    ),
  )
}

/** Unfolds the selected row. */
export function unfold(s: UiState): Step {
  const p = page(s)
  const row = selectedRow(s)
  if (row === undefined || !p.tree || !p.folded.has(row.id)) return step({ ...s, note: 'this row is not folded' })
  return step(settle(withPage(s, { folded: new Set([...p.folded].filter((id) => id !== row.id)) })))
}

/** Unfolds all ancestors of a row, so that it is shown. */
export function uncovered(s: UiState, row: ShownRow): UiState {
  const p = page(s)
  if (!p.tree || rowsOf(s).some((r) => r.id === row.id)) return s
  const byId = new Map((s.result?.rows ?? []).map((r) => [r.id, r]))
  const folded = new Set(p.folded)
  for (let at = row.parent; at !== undefined; at = byId.get(at)?.parent) folded.delete(at)
  return withPage(s, { folded })
}
