// What deciding costs, in comparisons of two numbers: generated code asks what is cheap first, and keeps answers that are dear.
import { isTypeField } from './bytype.js'
import { isAboutFd } from './fd-verdict-cache.js'
import type { Node, ValueNode } from './typed.js'

/** How much more comparing addresses or buffers costs than comparing numbers or texts. */
export const WIDE = 4
/** Cost of an operator from which on its last answers are kept; of a question about a descriptor, the answer for each. */
export const WORTH_CACHING = 8
/** Cost of such a question afterwards. */
const REMEMBERED = 6

/** Expected cost of reading a value. */
export function valueCost(v: ValueNode): number {
  if (v.kind === 'const') return 0
  if (v.kind === 'field') return isTypeField(v) ? 1 : (v.use.def.cost ?? 4)
  return v.transformer.cost + v.args.reduce((sum, a) => sum + valueCost(a), 0)
}

/** Whether the answer is kept on the descriptors. */
export function isRemembered(n: Node): boolean {
  return isAboutFd(n) && plainCost(n) >= WORTH_CACHING
}

/** Expected cost of a decision. */
export function cost(n: Node): number {
  return isRemembered(n) ? REMEMBERED : plainCost(n)
}

/** Expected cost of a decision of which no answer is kept. */
export function plainCost(n: Node): number {
  if (n.kind === 'not') return plainCost(n.item)
  if (n.kind !== 'test') return n.items.reduce((sum, i) => sum + plainCost(i), 0)
  const times = n.modifier === undefined ? 1 : n.constants.length
  const wide = n.left.type === 'ip' || n.left.type === 'net' || n.left.type === 'bytes' ? WIDE : 1
  return valueCost(n.left) + n.op.cost * wide * times + (n.right === undefined ? 0 : valueCost(n.right))
}
