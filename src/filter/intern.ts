// Makes equal subtrees one object (hash consing): equal predicates of several filters are then shared by identity.
import { Net } from './address.js'
import { TimeOfDay } from './time.js'
import type { JoinNode, Node, TestNode, ValueNode } from './typed.js'

/** Whether the value depends on earlier evaluations of the getter. Two getters of such a field are different values. */
export function isStateful(v: ValueNode): boolean {
  if (v.kind === 'const') return false
  return v.kind === 'call' ? v.args.some(isStateful) : v.use.def.needs?.includes('lines') === true
}

/** A key that is equal for equal values only. */
export function valueKey(v: ValueNode): string {
  if (v.kind === 'const') return `const ${JSON.stringify(v.value)} ${v.value instanceof Uint8Array} ${v.type}`
  const suffix = `${v.type} ${v.cardinality}`
  if (v.kind === 'call') return `call ${JSON.stringify([v.transformer.name, v.index, v.args.map(valueKey)])} ${suffix}`
  const { name, arg, opaque } = v.use
  return `field ${JSON.stringify([name, arg, opaque])} ${suffix}`
}

function constantKey(c: TestNode['constants'][number]): string {
  if (c instanceof Uint8Array) return `bytes ${Buffer.from(c).toString('hex')}`
  if (c instanceof TimeOfDay) return `clock ${c.key}`
  if (c instanceof Net) return `net ${c}`
  return `${typeof c} ${Object.is(c, -0) ? '-0' : c}`
}

function testKey({ left, op, modifier, constants, right }: TestNode): string {
  const keys = constants.map(constantKey)
  // members of a set have no order
  const values = op.right === 'list' && modifier === undefined ? [...new Set(keys)].sort() : keys
  const operator = op.text === '==' ? '=' : op.text
  return `test ${JSON.stringify([valueKey(left), operator, modifier, values, right && valueKey(right)])}`
}

/** Interns values of fields, tests and joins by their meaning. */
export class Interner {
  private readonly byKey = new Map<string, Node>()
  private readonly numbers = new Map<Node, number>()
  /** results by input node */
  private readonly known = new Map<Node, Node>()

  /** The one object that represents all equal nodes. */
  node(n: Node): Node {
    const found = this.known.get(n)
    if (found !== undefined) return found
    const one = this.intern(n)
    this.known.set(n, one)
    this.known.set(one, one)
    return one
  }

  /** The join of interned nodes; `items` must not be empty. */
  join(kind: JoinNode['kind'], items: readonly Node[]): Node {
    const flat = new Set<Node>()
    for (const item of items) {
      if (item.kind === kind) for (const inner of item.items) flat.add(inner)
      else flat.add(item)
    }
    const [first] = flat
    if (flat.size === 1) return first as Node
    // numbered in written order, which texts about the condition show
    for (const item of flat) this.number(item)
    const sorted = [...flat].sort((a, b) => this.number(a) - this.number(b))
    return this.byText(`${kind} ${sorted.map((i) => this.number(i)).join(' ')}`, () => ({ kind, items: sorted }))
  }

  /** The negation of an interned node. */
  not(item: Node): Node {
    if (item.kind === 'not') return item.item
    return this.byText(`not ${this.number(item)}`, () => ({ kind: 'not', item }))
  }

  private intern(n: Node): Node {
    if (n.kind === 'not') return this.not(this.node(n.item))
    if (n.kind !== 'test')
      return this.join(
        n.kind,
        n.items.map((i) => this.node(i)),
      )
    if (isStateful(n.left) || (n.right !== undefined && isStateful(n.right))) return n
    return this.byText(testKey(n), () => n)
  }

  private byText(key: string, make: () => Node): Node {
    let found = this.byKey.get(key)
    if (found === undefined) {
      found = make()
      this.byKey.set(key, found)
    }
    return found
  }

  private number(n: Node): number {
    let number = this.numbers.get(n)
    if (number === undefined) {
      number = this.numbers.size
      this.numbers.set(n, number)
    }
    return number
  }
}
