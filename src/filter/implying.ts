// Filters about fields that have a value only where some condition holds: as every operator is false for an absent value, a test of
// such a field implies the condition.
import type { FieldUse } from './registry.js'
import type { CheckedFilter, Node, TestNode, ValueNode } from './typed.js'

/** The same filter, in which planners know that the fields for which `is` holds are absent where the condition does not. */
export function implying(
  filter: CheckedFilter,
  is: (use: FieldUse) => boolean,
  condition: CheckedFilter,
): CheckedFilter {
  const speaksOf = (v: ValueNode | undefined): boolean => {
    if (v === undefined || v.kind === 'const') return false
    return v.kind === 'call' ? v.args.some(speaksOf) : is(v.use)
  }
  const testWith = (test: TestNode): TestNode =>
    speaksOf(test.left) || speaksOf(test.right) ? { ...test, implies: condition.root } : test
  const nodeWith = (n: Node): Node => {
    if (n.kind === 'test') return testWith(n)
    return n.kind === 'not' ? { kind: 'not', item: nodeWith(n.item) } : { kind: n.kind, items: n.items.map(nodeWith) }
  }
  return {
    ...filter,
    root: nodeWith(filter.root),
    fieldsUsed: [...new Set([...filter.fieldsUsed, ...condition.fieldsUsed])],
  }
}
