// Names that events have in other tools: sysdig's files use `accept` for accept4, so a filter on accept must match both
// there.
import type { Capabilities } from '../source/capabilities.js'
import { isTypeField } from './bytype.js'
import { OPERATORS, type Operator } from './operators.js'
import type { CheckedFilter, Node, TestNode } from './typed.js'

/** By name in files of other tools: the other event that it also denotes there. */
const ALSO: Readonly<Record<string, string>> = { accept: 'accept4' }

const IN = OPERATORS.get('in') as Operator

function widenedTest(test: TestNode): Node {
  const { left, op, right, modifier, constants } = test
  if (left.kind !== 'field' || !isTypeField(left) || right !== undefined || modifier !== undefined) return test
  const more = constants.flatMap((c) => (typeof c === 'string' ? (ALSO[c] ?? []) : []))
  if (more.length === 0) return test
  switch (op.text) {
    case '=':
    case '==':
    case 'in':
    case 'intersects':
      return { ...test, op: op.right === 'list' ? op : IN, constants: [...new Set([...constants, ...more])] }
    case '!=':
      return { kind: 'and', items: [test, ...more.map((name) => ({ ...test, constants: [name] }))] }
    default:
      return test
  }
}

function widened(node: Node): Node {
  if (node.kind === 'test')
    return node.implies === undefined ? widenedTest(node) : { ...node, implies: widened(node.implies) }
  if (node.kind === 'not') return { kind: 'not', item: widened(node.item) }
  return { kind: node.kind, items: node.items.map(widened) }
}

/** A node of a filter, adapted to the event names of a capture. */
export function adaptNode(node: Node, has: Capabilities): Node {
  return has.sysdigNames ? widened(node) : node
}

const known = new WeakMap<CheckedFilter, CheckedFilter>()

/** A filter, adapted to the event names of a capture. */
export function adaptFilter(filter: CheckedFilter, has: Capabilities): CheckedFilter {
  if (!has.sysdigNames) return filter
  let adapted = known.get(filter)
  if (adapted === undefined) {
    adapted = { ...filter, root: adaptNode(filter.root, has) }
    known.set(filter, adapted)
  }
  return adapted
}
