// Cost estimates, in comparisons of two numbers. Generated code evaluates cheap tests first and caches results of
// expensive ones.
import { isTypeField } from './bytype.js'
import { dependsOnFdOnly } from './fd-verdict-cache.js'
import type { Node, ValueNode } from './typed.js'

/** Factor for comparing addresses or buffers instead of numbers or texts. */
export const WIDE = 4
/**
 * From this operator cost on, the last results of a test are cached; for conditions on a descriptor, one result per
 * descriptor.
 */
export const WORTH_CACHING = 8
/** Cost of a cached condition on a descriptor. */
const CACHED_COST = 6

/** Expected cost of reading a value. */
export function valueCost(v: ValueNode): number {
  if (v.kind === 'const') return 0
  if (v.kind === 'field') return isTypeField(v) ? 1 : (v.use.def.cost ?? 4)
  return v.transformer.cost + v.args.reduce((sum, a) => sum + valueCost(a), 0)
}

/** Whether the result is cached on the descriptors. */
export function isCached(n: Node): boolean {
  return dependsOnFdOnly(n) && plainCost(n) >= WORTH_CACHING
}

/** Expected cost of a node. */
export function cost(n: Node): number {
  return isCached(n) ? CACHED_COST : plainCost(n)
}

/** Expected cost of a node without caching. */
function plainCost(n: Node): number {
  if (n.kind === 'not') return plainCost(n.item)
  if (n.kind !== 'test') return n.items.reduce((sum, i) => sum + plainCost(i), 0)
  const times = n.modifier === undefined ? 1 : n.constants.length
  const wide = n.left.type === 'ip' || n.left.type === 'net' || n.left.type === 'bytes' ? WIDE : 1
  return valueCost(n.left) + n.op.cost * wide * times + (n.right === undefined ? 0 : valueCost(n.right))
}
