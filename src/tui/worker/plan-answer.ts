// From a query to the plan of its answer.
import { fieldsWithRules, filterWithRules } from '../../rules/rule-fields.js'
import type { RunRules } from '../../run/context.js'
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

/** The same about a capture whose events are asked these rules: what they need is a part of it where it speaks of them. */
export function planWithRules(plan: Plan, rules: RunRules): Plan {
  const { filter, fields } = plan
  return {
    ...plan,
    rules,
    filter: filter && filterWithRules(filter, rules.all),
    fields: fieldsWithRules(fields, rules.all),
  }
}
