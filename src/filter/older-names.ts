// Names that events have elsewhere: sysdig's files call accept4 by the name of accept, so who asks there for accept wants both.
import type { Capabilities } from '../source/capabilities.js'
import { isTypeField } from './bytype.js'
import { OPERATORS, type Operator } from './operators.js'
import type { CheckedFilter, Node, TestNode } from './typed.js'

/** By the name in files of other tools, what else it means there. */
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

/** A part of a filter as it is meant for a capture. */
export function meantNode(node: Node, has: Capabilities): Node {
  return has.sysdigNames ? widened(node) : node
}

const known = new WeakMap<CheckedFilter, CheckedFilter>()

/** The filter as it is meant for a capture. */
export function meantFor(filter: CheckedFilter, has: Capabilities): CheckedFilter {
  if (!has.sysdigNames) return filter
  let meant = known.get(filter)
  if (meant === undefined) {
    meant = { ...filter, root: meantNode(filter.root, has) }
    known.set(filter, meant)
  }
  return meant
}
