// Rules whose conditions are checked together: what they have in common is checked once, and stays one object.
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
  /** every field that one of the conditions reads, as text that finds it in the registry */
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

/**
 * The filter that passes what any of the rules may be about, of which there is one at least: kernel and files are asked by it for all
 * rules at once.
 */
export function captureFilter({ rules, conditions, fieldsUsed }: CheckedRules): CheckedFilter {
  const expr = joined(
    'or',
    rules.map((r) => r.condition.root),
  )
  const root: Node = conditions.length === 1 ? (conditions[0] as Node) : { kind: 'or', items: conditions }
  return { ast: { text: '', root: expr }, root, fieldsUsed, warnings: [] }
}
