// What a query that speaks of rules (rule.*) asks of captures: what the rules need is a part of it.
import { registry } from '../fields/index.js'
import { type CheckedFilter, implying, needsOf } from '../filter/index.js'
import { parseFormat } from '../format/template/parse.js'
import { type CheckedRules, captureFilter, checkRules } from './engine/checked.js'
import type { Rule } from './rule.js'

const checked = new WeakMap<readonly Rule[], CheckedRules>()

/** The rules, checked together; the same ones are checked once. */
export function checkedRules(rules: readonly Rule[]): CheckedRules {
  let known = checked.get(rules)
  if (known === undefined) {
    known = checkRules(rules, registry)
    checked.set(rules, known)
  }
  return known
}

/** Whether one of these fields, given as text that finds it, tells of rules. */
export function usesRuleFields(fields: readonly string[]): boolean {
  return needsOf(registry, fields).has('rules')
}

/** The filter as planners are to see it: what it asks of rules only events pass that one of them may be about. */
export function filterWithRules(filter: CheckedFilter, rules: readonly Rule[]): CheckedFilter {
  if (rules.length === 0 || !usesRuleFields(filter.fieldsUsed)) return filter
  const planned = implying(
    filter,
    ({ def }) => def.needs?.includes('rules') === true,
    captureFilter(checkedRules(rules)),
  )
  return { ...planned, fieldsUsed: fieldsWithRules(planned.fieldsUsed, rules) }
}

/** Fields that are looked at, with those that rules look at where one of them tells of rules. */
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
