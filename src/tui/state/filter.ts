// The user's filter, checked before it is used.
import { registry } from '../../fields/index.js'
import { checkFilter, FilterError } from '../../filter/index.js'
import { type Step, step, type UiState } from './model.js'
import { requery } from './query.js'

/** Changes the filter; returns lines of text with a caret for an invalid one. */
export function filterBy(s: UiState, words: string): Step | string {
  const filter = words.trim()
  try {
    if (filter !== '') checkFilter(filter, registry)
  } catch (e) {
    if (!(e instanceof FilterError)) throw e
    return e.format()
  }
  return filter === s.filter ? step(s) : requery({ ...s, filter })
}
