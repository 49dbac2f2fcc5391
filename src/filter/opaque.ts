// A filter about values that are not those which the kernel and files have, because they are redacted on the way: of tests of
// such values planners must conclude nothing.
import type { FieldUse } from './registry.js'
import type { CheckedFilter, Node, TestNode, ValueNode } from './typed.js'

/** Whether kernel and files may know a field by another value than the filter, which compares it with these constants. */
export type IsOpaque = (use: FieldUse, constants: readonly unknown[]) => boolean

/** The same filter, in which planners know the fields that they can conclude nothing from. */
export function withOpaque(filter: CheckedFilter, isOpaque: IsOpaque): CheckedFilter {
  return { ...filter, root: nodeWith(filter.root, isOpaque) }
}

function nodeWith(n: Node, isOpaque: IsOpaque): Node {
  if (n.kind === 'test') return testWith(n, isOpaque)
  if (n.kind === 'not') return { kind: 'not', item: nodeWith(n.item, isOpaque) }
  return { kind: n.kind, items: n.items.map((i) => nodeWith(i, isOpaque)) }
}

function testWith(test: TestNode, isOpaque: IsOpaque): TestNode {
  const { left, right, constants, implies } = test
  return {
    ...test,
    ...(implies && { implies: nodeWith(implies, isOpaque) }),
    left: valueWith(left, (use) => isOpaque(use, constants)),
    ...(right && { right: valueWith(right, (use) => isOpaque(use, [])) }),
  }
}

function valueWith(v: ValueNode, isOpaque: (use: FieldUse) => boolean): ValueNode {
  if (v.kind === 'const') return v
  if (v.kind === 'call') return { ...v, args: v.args.map((a) => valueWith(a, isOpaque)) }
  return isOpaque(v.use) ? { ...v, use: { ...v.use, opaque: true } } : v
}
