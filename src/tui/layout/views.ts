// The items of the list of views: those that the text being typed finds.
import { page, type UiState } from '../model/model.js'
import { choices } from '../model/query.js'

type Views = UiState['views']

/** The views with a text in their name or id; if there are none, those with it in their description. */
export function viewsFound(s: UiState, text: string): Views {
  const all = choices(s)
  const has = (part: string) => part.toLowerCase().includes(text.toLowerCase().trim())
  const named = all.filter((v) => has(v.name) || has(v.id))
  return named.length > 0 ? named : all.filter((v) => has(v.description))
}

/** The place of the page's view in the list; -1 if it is not there. */
export function currentView(s: UiState, found: Views): number {
  return found.indexOf(page(s).view)
}
