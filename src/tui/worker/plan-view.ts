// From a query to the plan of its answer.
import { fieldsWithRules, filterWithRules } from '../../rules/rule-fields.js'
import type { RunRules } from '../../run/context.js'
import type { View } from '../../views/define.js'
import { checkColumns } from './columns.js'
import { planEcho } from './echo-builder.js'
import { planList } from './list-builder.js'
import type { ViewQuery } from './messages.js'
import { planSpectrogram } from './spectrogram-builder.js'
import { planTable } from './table-builder.js'
import type { ViewPlan } from './view-plan.js'

/**
 * Checks a query. refresh: ms between two answers of a live capture; of what lives shorter crowds are made. Throws FilterError for a wrong filter, ViewError for a view
 * whose fields do not exist.
 */
export function planView(
  view: View,
  { filter, inside, sort, apart, data }: Pick<ViewQuery, 'filter' | 'inside' | 'sort' | 'apart' | 'data'>,
  refresh: number,
): ViewPlan {
  const only = filter === '' ? undefined : filter
  checkColumns(view)
  if (view.spectrogram !== undefined) return planSpectrogram(view, only, refresh)
  if (view.table !== undefined) return planTable(view, { filter: only, inside, sort, short: apart ? 0 : refresh * 1e6 })
  return view.list.conversation ? planEcho(view, only, data) : planList(view, only, inside, data)
}

/** The same about a capture whose events are asked these rules: what they need is a part of it where it speaks of them. */
export function planWithRules(plan: ViewPlan, rules: RunRules): ViewPlan {
  const { filter, fields } = plan
  return {
    ...plan,
    rules,
    filter: filter && filterWithRules(filter, rules.all),
    fields: fieldsWithRules(fields, rules.all),
  }
}
