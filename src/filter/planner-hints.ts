// Annotations of a filter that only planners use. Opaque fields: their values in the kernel and in files differ from those that the
// filter sees, because they are redacted in between, so planners must conclude nothing from tests of them. Implied conditions: a
// field may have a value only where some condition holds; every operator is false for an absent value, so a test of it implies the
// condition.
import type { FieldUse } from './registry.js'
import type { CheckedFilter, Node, TestNode, ValueNode } from './typed.js'

/**
 * Whether the kernel and files may have another value of the field than the filter, which compares it with these
 * constants.
 */
export type IsOpaque = (use: FieldUse, constants: readonly unknown[]) => boolean

/** The same filter, with the fields marked from which planners must conclude nothing. */
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

/** The same filter, annotated for planners: fields selected by `is` are absent unless the condition holds. */
export function implying(
  filter: CheckedFilter,
  is: (use: FieldUse) => boolean,
  condition: CheckedFilter,
): CheckedFilter {
  const dependsOnIt = (v: ValueNode | undefined): boolean => {
    if (v === undefined || v.kind === 'const') return false
    return v.kind === 'call' ? v.args.some(dependsOnIt) : is(v.use)
  }
  const testImplying = (test: TestNode): TestNode =>
    dependsOnIt(test.left) || dependsOnIt(test.right) ? { ...test, implies: condition.root } : test
  const annotated = (n: Node): Node => {
    if (n.kind === 'test') return testImplying(n)
    return n.kind === 'not' ? { kind: 'not', item: annotated(n.item) } : { kind: n.kind, items: n.items.map(annotated) }
  }
  return {
    ...filter,
    root: annotated(filter.root),
    fieldsUsed: [...new Set([...filter.fieldsUsed, ...condition.fieldsUsed])],
  }
}

/**
 * An equivalent tree in which each test is joined with the condition it implies (TestNode.implies), so that planners can draw
 * conclusions from it. The predicate does not need it: the test alone decides.
 */
export function withImplied(node: Node): Node {
  if (node.kind === 'test') return node.implies === undefined ? node : { kind: 'and', items: [node.implies, node] }
  if (node.kind === 'not') {
    const item = withImplied(node.item)
    return item === node.item ? node : { kind: 'not', item }
  }
  const items = node.items.map(withImplied)
  return items.every((item, i) => item === node.items[i]) ? node : { kind: node.kind, items }
}
