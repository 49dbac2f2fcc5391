// Estimates the cost of conditions and how often they hold, to choose the evaluation order. A value that several tests use is read once,
// so each test is charged its share.
import { valueCost, WIDE } from '../../filter/cost.js'
import { valueKey } from '../../filter/intern.js'
import type { FieldNode, JoinNode, Node, TestNode, ValueNode } from '../../filter/typed.js'

/** How often tests hold, by operator: names and paths are mostly different from those a test names. */
const SELDOM = 0.05
const MOSTLY = 0.95
const OFTEN: Readonly<Record<string, number>> = {
  exists: MOSTLY,
  '!=': MOSTLY,
  '<': 0.5,
  '<=': 0.5,
  '>': 0.5,
  '>=': 0.5,
}

const LOOK_UP = 4

export class Estimates {
  /** number of tests that use a value, by field */
  private readonly looks = new Map<string, number>()
  private readonly known = new Map<Node, { cost: number; holds: number }>()

  /** conditions: all that are evaluated. */
  constructor(conditions: Iterable<Node>) {
    const seen = new Set<Node>()
    const open = [...conditions]
    for (let n = open.pop(); n !== undefined; n = open.pop()) {
      if (seen.has(n)) continue
      seen.add(n)
      if (n.kind === 'not') open.push(n.item)
      else if (n.kind !== 'test') open.push(...n.items)
      else for (const field of fieldsOf(n)) this.look(field)
    }
  }

  /** Probability that the condition holds, 0 to 1. */
  holds(n: Node): number {
    return this.estimate(n).holds
  }

  /** Cost, in comparisons of two numbers. */
  cost(n: Node): number {
    return this.estimate(n).cost
  }

  /** Cost of finding a field's value in a table, in comparisons of two numbers. */
  lookUp(field: FieldNode): number {
    return valueCost(field) + LOOK_UP
  }

  /** The items of an `and` or `or`, the one that decides the result at the lowest cost first. */
  ordered({ kind, items }: JoinNode): Node[] {
    return [...items].sort((a, b) => this.price(a, kind) - this.price(b, kind))
  }

  /** Expected cost until this condition alone decides a join, in comparisons of two numbers. */
  price(n: Node, kind: JoinNode['kind'] = 'and'): number {
    const { cost, holds } = this.estimate(n)
    return cost / Math.max(kind === 'and' ? 1 - holds : holds, 1e-3)
  }

  private estimate(n: Node): { cost: number; holds: number } {
    let found = this.known.get(n)
    if (found === undefined) {
      found =
        n.kind === 'test' ? this.estimateTest(n) : n.kind === 'not' ? this.estimateNot(n.item) : this.estimateJoin(n)
      this.known.set(n, found)
    }
    return found
  }

  private estimateNot(item: Node): { cost: number; holds: number } {
    const { cost, holds } = this.estimate(item)
    return { cost, holds: 1 - holds }
  }

  private estimateJoin(n: JoinNode): { cost: number; holds: number } {
    let cost = 0
    let reached = 1
    for (const item of this.ordered(n)) {
      const part = this.estimate(item)
      cost += reached * part.cost
      reached *= n.kind === 'and' ? part.holds : 1 - part.holds
    }
    return { cost, holds: n.kind === 'and' ? reached : 1 - reached }
  }

  private estimateTest(n: TestNode): { cost: number; holds: number } {
    const times = n.modifier === undefined ? 1 : n.constants.length
    const wide = n.left.type === 'ip' || n.left.type === 'net' || n.left.type === 'bytes' ? WIDE : 1
    const right = n.right === undefined ? 0 : this.value(n.right)
    const cost = this.value(n.left) + right + n.op.cost * wide * times
    return { cost, holds: n.left.type === 'bool' ? 0.5 : (OFTEN[n.op.text] ?? SELDOM) }
  }

  private value(v: ValueNode): number {
    if (v.kind === 'field') return valueCost(v) / (this.looks.get(valueKey(v)) ?? 1)
    return v.kind === 'const' ? 0 : v.transformer.cost + v.args.reduce((sum, a) => sum + this.value(a), 0)
  }

  private look(field: FieldNode): void {
    const key = valueKey(field)
    this.looks.set(key, (this.looks.get(key) ?? 0) + 1)
  }
}

function fieldsOf({ left, right }: TestNode): FieldNode[] {
  const fieldsIn = (v: ValueNode | undefined): FieldNode[] =>
    v === undefined || v.kind === 'const' ? [] : v.kind === 'field' ? [v] : v.args.flatMap(fieldsIn)
  return [...fieldsIn(left), ...fieldsIn(right)]
}
