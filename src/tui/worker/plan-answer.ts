// From a query to the plan of its answer.
import type { View } from '../../views/define.js'
import type { Plan } from './answer.js'
import { checkColumns } from './columns.js'
import { planEcho } from './echo-answer.js'
import { planList } from './list-answer.js'
import type { Ask } from './messages.js'
import { planSpectrogram } from './spectrogram-answer.js'
import { planTable } from './table-answer.js'

/**
 * Checks a query. refresh: ms between two answers of a live capture; of what lives shorter crowds are made. Throws FilterError for a wrong filter, ViewError for a view
 * whose fields do not exist.
 */
export function planAnswer(
  view: View,
  { filter, inside, sort, apart, data }: Pick<Ask, 'filter' | 'inside' | 'sort' | 'apart' | 'data'>,
  refresh: number,
): Plan {
  const only = filter === '' ? undefined : filter
  checkColumns(view)
  if (view.spectrogram !== undefined) return planSpectrogram(view, only, refresh)
  if (view.table !== undefined) return planTable(view, { filter: only, inside, sort, short: apart ? 0 : refresh * 1e6 })
  return view.list.conversation ? planEcho(view, only, data) : planList(view, only, inside, data)
}
