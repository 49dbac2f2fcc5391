// What tests imply (TestNode.implies) as a part of the tree, for planners: they conclude from it what they can, where the test itself tells
// them nothing. The predicate does without, as the test alone decides.
import type { Node } from '../typed.js'

/** An equivalent tree in which each test that implies a condition stands beside it. */
export function withImplied(node: Node): Node {
  if (node.kind === 'test') return node.implies === undefined ? node : { kind: 'and', items: [node.implies, node] }
  if (node.kind === 'not') {
    const item = withImplied(node.item)
    return item === node.item ? node : { kind: 'not', item }
  }
  const items = node.items.map(withImplied)
  return items.every((item, i) => item === node.items[i]) ? node : { kind: node.kind, items }
}
