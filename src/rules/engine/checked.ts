// Checks the conditions of all rules together: equal parts are checked once and become one shared object.
import { joined } from '../../filter/ast.js'
import { checkAsts } from '../../filter/check.js'
import { Interner } from '../../filter/intern.js'
import type { FieldRegistry } from '../../filter/registry.js'
import { simplify } from '../../filter/simplify.js'
import type { CheckedFilter, Node } from '../../filter/typed.js'
import type { Rule } from '../rule.js'

export interface CheckedRules {
  readonly rules: readonly Rule[]
  /** their conditions, in the same order */
  readonly conditions: readonly Node[]
  /** names of all fields that the conditions read */
  readonly fieldsUsed: readonly string[]
}

/** Checks the conditions of rules. Throws FilterError. */
export function checkRules(rules: readonly Rule[], fields: FieldRegistry): CheckedRules {
  const { roots, fieldsUsed } = checkAsts(
    rules.map((r) => r.condition),
    fields,
  )
  const known = new Map<Node, Node>()
  const interner = new Interner()
  const conditions = roots.map((root) => interner.node(simplify(root, known)))
  return { rules, conditions, fieldsUsed }
}

/** The filter that passes every event that can fire a rule. It plans kernel capture and file reading for all rules (at least one). */
export function captureFilter({ rules, conditions, fieldsUsed }: CheckedRules): CheckedFilter {
  const expr = joined(
    'or',
    rules.map((r) => r.condition.root),
  )
  const root: Node = conditions.length === 1 ? (conditions[0] as Node) : { kind: 'or', items: conditions }
  return { ast: { text: '', root: expr }, root, fieldsUsed, warnings: [] }
}
