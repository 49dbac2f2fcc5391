// Tables that numbers of calls by kind and result answer as well as the calls themselves: the kernel then counts them.
import { isAlike, isSummed } from '../fields/row-only.js'
import type { CompiledTable } from './compile.js'

/** Whether keys and filter of a table are the same for all calls of one kind with one result, and its columns their sums. */
export function isCountable(table: CompiledTable): boolean {
  const { def, columns, filter } = table
  const same = [...def.keys, ...(def.groupBy ?? []), ...(filter?.fieldsUsed ?? [])]
  return (
    def.threads !== true &&
    same.every(isAlike) &&
    columns.every(({ field, agg }) =>
      agg === 'sum' || agg === 'rate' ? isSummed(field) : agg === 'last' && isAlike(field),
    )
  )
}
