// Settings of the user; each change is saved at once.
import type { Inside } from '../../table/index.js'
import { shownOf } from '../../table/index.js'
import { columnsOf, type View } from '../../views/define.js'
import type { Arrangement, Settings, ViewSettings } from '../settings/settings.js'
import type { Sort } from '../worker/messages.js'
import { page, type Step, step, type UiState } from './model.js'

/** The step with changed settings, which are saved. */
export function saveSettings({ state, effects }: Step, change: Partial<Settings>): Step {
  const settings = { ...state.settings, ...change }
  return step({ ...state, settings }, ...effects, { kind: 'save', settings })
}

/** The same for the present page's view. */
export function saveViewSettings(to: Step, change: ViewSettings): Step {
  const { views } = to.state.settings
  const { id } = page(to.state).view
  return saveSettings(to, { views: { ...views, [id]: { ...views[id], ...change } } })
}

/** The sort order that the user chose for a view, as an index of the requested columns; undefined: the view's own. */
export function sortChosen(s: UiState, view: View, requested: Inside): Sort | undefined {
  const chosen = s.settings.views[view.id]?.sort
  if (chosen === undefined || view.table === undefined) return undefined
  const column = shownOf(columnsOf(view), requested).findIndex((c) => c.title === chosen.column)
  return column < 0 ? undefined : { column, ascending: chosen.ascending }
}

/** The columns that the user chose for the present page's view. */
export function arrangementOf(s: UiState): Arrangement | undefined {
  return s.settings.views[page(s).view.id]?.columns
}

/** Columns in the chosen order; unnamed ones follow their predecessor in the view. */
export function inOrder<T extends object>(all: readonly T[], titleOf: (t: T) => string, order: readonly string[]): T[] {
  const chosen = order.flatMap((title) => all.find((c) => titleOf(c) === title) ?? [])
  for (const [i, c] of all.entries()) {
    if (chosen.includes(c)) continue
    const before = all[i - 1]
    chosen.splice(before === undefined ? 0 : chosen.indexOf(before) + 1, 0, c)
  }
  return chosen
}
