// Queries that use rule fields (rule.*) also need from the capture what the rules themselves need.
import { registry } from '../fields/index.js'
import { type CheckedFilter, implying, needsOf } from '../filter/index.js'
import { parseFormat } from '../format/template/parse.js'
import { type CheckedRules, captureFilter, checkRules } from './engine/checked.js'
import type { Rule } from './rule.js'

const checked = new WeakMap<readonly Rule[], CheckedRules>()

/** The rules, checked together; the result is cached per array of rules. */
export function checkedRules(rules: readonly Rule[]): CheckedRules {
  let known = checked.get(rules)
  if (known === undefined) {
    known = checkRules(rules, registry)
    checked.set(rules, known)
  }
  return known
}

/** Whether one of these fields, given by name, is a rule field. */
export function usesRuleFields(fields: readonly string[]): boolean {
  return needsOf(registry, fields).has('rules')
}

/** The filter for planners: each test of a rule field also implies the rules' capture filter, since only those events can fire a rule. */
export function filterWithRules(filter: CheckedFilter, rules: readonly Rule[]): CheckedFilter {
  if (rules.length === 0 || !usesRuleFields(filter.fieldsUsed)) return filter
  const planned = implying(
    filter,
    ({ def }) => def.needs?.includes('rules') === true,
    captureFilter(checkedRules(rules)),
  )
  return { ...planned, fieldsUsed: fieldsWithRules(planned.fieldsUsed, rules) }
}

/** The fields used; if one of them is a rule field, also the fields that the rules use. */
export function fieldsWithRules(fields: readonly string[], rules: readonly Rule[]): readonly string[] {
  if (!usesRuleFields(fields)) return fields
  const all = new Set([...fields, ...checkedRules(rules).fieldsUsed])
  if (fields.some((text) => registry.find(text).name === 'rule.output'))
    for (const { output } of rules) for (const field of fieldsOf(output)) all.add(field)
  return [...all]
}

/** The fields of a format. */
function fieldsOf(format: string): string[] {
  return parseFormat(format, registry).parts.flatMap((part) => (typeof part === 'string' ? [] : part.expression.fields))
}
