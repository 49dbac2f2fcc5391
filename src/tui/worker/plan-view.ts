// Makes the plan of a query.
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
 * Checks a query and returns its plan. refresh: ms between two results of a live capture; processes that live shorter
 * are grouped. Throws FilterError for an invalid filter, ViewError for a view whose fields do not exist.
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

/** The same plan with rules, and with the fields and filters that the rules need if the plan uses rule fields. */
export function planWithRules(plan: ViewPlan, rules: RunRules): ViewPlan {
  const { filter, fields } = plan
  return {
    ...plan,
    rules,
    filter: filter && filterWithRules(filter, rules.all),
    fields: fieldsWithRules(fields, rules.all),
  }
}
