// Opens the menus and the lines to type in that cover the table. Keys while one of them is open are handled by overlays.ts.
import { sortedPlace } from '../layout/columns.js'
import { currentView } from '../layout/views.js'
import { page, type Step, step, type UiState } from '../model/model.js'
import { choices, commandLine, stylesOf } from '../model/query.js'
import { lineOf } from './line.js'
import { settle } from './selection.js'

export function openViewMenu(s: UiState): Step {
  return step({ ...s, overlay: { kind: 'views', at: Math.max(0, currentView(s, choices(s))), typed: lineOf('') } })
}

export function openSortMenu(s: UiState): Step {
  if (hasNoColumns(s)) return step({ ...s, note: `${page(s).view.name} has no columns to sort by` })
  return step({ ...s, overlay: { kind: 'sort', at: Math.max(0, sortedPlace(s)) } })
}

export function openColumnMenu(s: UiState): Step {
  if (page(s).view.list?.conversation || hasNoColumns(s))
    return step({ ...s, note: `${page(s).view.name} has no columns to choose` })
  return step({ ...s, overlay: { kind: 'columns', at: 0 } })
}

/** The styles of data. */
export function openStyleMenu(s: UiState): Step {
  const at = stylesOf(s).findIndex((d) => d.style === s.dataStyle)
  return step({ ...s, overlay: { kind: 'data', at: Math.max(0, at) } })
}

export function openFilter(s: UiState): Step {
  return step(settle({ ...s, overlay: { kind: 'filter', line: lineOf(s.filter), error: undefined } }))
}

export function openSearch(s: UiState): Step {
  return step(settle({ ...s, overlay: { kind: 'search', line: lineOf('') } }))
}

/** The line for named commands, with a text that is already typed. */
export function openNamed(s: UiState, text: string): Step {
  return step(settle({ ...s, overlay: { kind: 'named', line: lineOf(text), error: undefined } }))
}

/** The command line that captures the same. */
export function openCommandLine(s: UiState): Step {
  return step(settle({ ...s, overlay: { kind: 'command', text: commandLine(s) } }))
}

function hasNoColumns({ result }: UiState): boolean {
  return result?.columns.length === 0
}
