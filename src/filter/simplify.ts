// Reduces a typed tree to an equivalent smaller one: `a=x or a=y` becomes one set test, repeated tests are removed.
import { type Constant, OPERATORS, type Operator } from './operators.js'
import type { TimeOfDay } from './time.js'
import type { JoinNode, Node, NotNode, TestNode } from './typed.js'

const SET = OPERATORS.get('in') as Operator

/** The field of a test that can be merged into a set test; undefined for other tests. */
function setKey(n: Node): string | undefined {
  if (n.kind !== 'test' || n.left.kind !== 'field' || n.right !== undefined || n.modifier !== undefined)
    return undefined
  if (n.left.cardinality === 'list') return undefined
  const text = n.op.text
  return text === '=' || text === '==' || text === 'in' ? n.left.use.text : undefined
}

function simplifyOr(items: readonly Node[]): Node {
  const out: Node[] = []
  const sets = new Map<string, { at: number; values: Set<Constant | TimeOfDay> }>()
  for (const item of items) {
    const key = setKey(item)
    if (key === undefined) {
      out.push(item)
      continue
    }
    const test = item as TestNode
    const known = sets.get(key)
    if (known === undefined) {
      sets.set(key, { at: out.length, values: new Set(test.constants) })
      out.push(test)
      continue
    }
    for (const c of test.constants) known.values.add(c)
    out[known.at] = { ...(out[known.at] as TestNode), op: SET }
  }
  for (const { at, values } of sets.values()) out[at] = { ...(out[at] as TestNode), constants: [...values] }
  return out.length === 1 ? (out[0] as Node) : { kind: 'or', items: out }
}

/** An equivalent tree. known: results of earlier calls; a subtree found there maps to the same object again. */
export function simplify(node: Node, known?: Map<Node, Node>): Node {
  if (node.kind === 'test') return node
  let simple = known?.get(node)
  if (simple === undefined) {
    simple = node.kind === 'not' ? simplifyNot(node, known) : simplifyJoin(node, known)
    known?.set(node, simple)
  }
  return simple
}

function simplifyNot(node: NotNode, known: Map<Node, Node> | undefined): Node {
  const item = simplify(node.item, known)
  return item.kind === 'not' ? item.item : { kind: 'not', item }
}

function simplifyJoin(node: JoinNode, known: Map<Node, Node> | undefined): Node {
  const items: Node[] = []
  for (const i of node.items) {
    const simple = simplify(i, known)
    if (simple.kind === node.kind) for (const inner of simple.items) items.push(inner)
    else items.push(simple)
  }
  return node.kind === 'or' ? simplifyOr(items) : { kind: 'and', items }
}
