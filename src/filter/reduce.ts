// Reduces a condition to an equivalent smaller one by what its own tests say about each other: arms that contradict a test beside them are
// removed, and tests that follow from others.
import { FALSE, TRUE } from './bytype.js'
import { Facts } from './facts.js'
import type { Interner } from './intern.js'
import type { JoinNode, Node, TestNode } from './typed.js'

/** Certainly false or true, or the remaining condition. */
export type Folded = Node | typeof FALSE | typeof TRUE

/** More rounds have found nothing in practice. */
const MOST_ROUNDS = 3
/** Nodes visited for one condition, after which the rest stays as it is: hostile conditions take exponential time. */
const MOST_STEPS = 50_000

interface Literal {
  readonly test: TestNode
  readonly plain: boolean
}

/** A test, or the negation of one. */
function literalOf(n: Node): Literal | undefined {
  if (n.kind === 'test') return { test: n, plain: true }
  return n.kind === 'not' && n.item.kind === 'test' ? { test: n.item, plain: false } : undefined
}

/** Tests first: they say more than joins do. */
function literalsFirst(items: readonly Node[]): Node[] {
  const joins = items.filter((i) => !literalOf(i))
  return joins.length === items.length ? joins : [...items.filter(literalOf), ...joins]
}

export class Reducer {
  private readonly known = new Map<Node, Folded>()
  private steps = 0

  constructor(private readonly interner: Interner) {}

  /** The reduced form of an interned node. */
  reduce(n: Node): Folded {
    let reduced = this.known.get(n)
    if (reduced === undefined) {
      this.steps = 0
      reduced = this.under(n, Facts.NONE)
      this.known.set(n, reduced)
    }
    return reduced
  }

  /** What remains of a node where these facts are known. */
  private under(n: Node, facts: Facts): Folded {
    if (++this.steps > MOST_STEPS) return n
    if (n.kind === 'test') {
      const result = facts.resultOf(n)
      return result === undefined ? n : result ? TRUE : FALSE
    }
    if (n.kind !== 'not') return this.joinUnder(n, facts)
    const item = this.under(n.item, facts)
    if (item === n.item) return n
    return typeof item === 'number' ? (item === TRUE ? FALSE : TRUE) : this.interner.not(item)
  }

  /** In `and`, an item matters only where the others hold; in `or`, only where they fail. */
  private joinUnder(n: JoinNode, outer: Facts): Folded {
    const decisive = n.kind === 'and' ? FALSE : TRUE
    let facts = outer
    let rest = this.flat(n, [])
    let asBefore = rest.length === n.items.length
    const literals: Node[] = []
    for (let round = 0; round < MOST_ROUNDS && rest.length > 0; round++) {
      const before = literals.length
      const remaining: Node[] = []
      for (const item of literalsFirst(rest)) {
        const reduced = this.under(item, facts)
        if (reduced === decisive) return decisive
        asBefore &&= reduced === item
        if (typeof reduced === 'number') continue
        const literal = literalOf(reduced)
        if (literal === undefined) remaining.push(reduced)
        else {
          literals.push(reduced)
          facts = facts.with(literal.test, literal.plain === (n.kind === 'and'))
        }
      }
      rest = this.flat({ kind: n.kind, items: remaining }, [])
      if (literals.length === before) break
    }
    return asBefore ? n : this.joined(n.kind, [...literals, ...rest])
  }

  private joined(kind: JoinNode['kind'], items: readonly Node[]): Folded {
    if (items.length === 0) return kind === 'and' ? TRUE : FALSE
    return this.interner.join(kind, items)
  }

  /** Adds the items of a join, with those of the same joins inside it, to `found`. */
  private flat({ kind, items }: JoinNode, found: Node[]): Node[] {
    for (const item of items) {
      if (item.kind === kind) this.flat(item, found)
      else if (item.kind !== 'not' || item.item.kind === 'test' || item.item.kind === 'not' || item.item.kind === kind)
        found.push(item)
      else this.flat({ kind, items: item.item.items.map((i) => this.interner.not(i)) }, found)
    }
    return found
  }
}
