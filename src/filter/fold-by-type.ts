// Reduces a filter to what remains for events of one type: tests that the type decides are folded away.
import { FALSE, isTypeField, TRUE, type Truth, truthByType, UNKNOWN } from './bytype.js'
import type { Interner } from './intern.js'
import { type Folded, Reducer } from './reduce.js'
import type { JoinNode, Node, TestNode } from './typed.js'

/** Possible outcomes of a condition for events of a type. */
const HOLD = 1
const FAIL = 2

export class FoldByType {
  private readonly outcomes = new Map<Node, number>()
  private readonly truths = new Map<TestNode, (code: number) => Truth>()
  private readonly known = new Map<Node, Folded>()
  private readonly reducer: Reducer
  private code = -1

  /** isOurs: whether a code means the same in the file as here. For other codes only the event's name is used. */
  constructor(
    private readonly interner: Interner,
    private readonly isOurs: (code: number) => boolean,
  ) {
    this.reducer = new Reducer(interner)
  }

  /**
   * Folds an interned node. Filters with common subtrees should be folded together, one code after the other, and keep them unless the
   * condition contradicts itself.
   */
  fold(n: Node, code: number): Folded {
    const folded = this.folded(n, code)
    const reduced = typeof folded === 'number' ? folded : this.reducer.reduce(folded)
    return typeof reduced === 'number' ? reduced : folded
  }

  /** Folds an interned node, and removes what contradicts other parts of it or follows from them. */
  reduce(n: Node, code: number): Folded {
    const folded = this.folded(n, code)
    return typeof folded === 'number' ? folded : this.reducer.reduce(folded)
  }

  private folded(n: Node, code: number): Folded {
    if (code !== this.code) {
      this.known.clear()
      this.outcomes.clear()
    }
    this.code = code
    // most conditions are for other types: skip building their trees
    return (this.outcome(n) & HOLD) === 0 ? FALSE : this.foldNode(n)
  }

  private outcome(n: Node): number {
    if (n.kind === 'test') {
      const folded = this.foldTest(n)
      return folded === TRUE ? HOLD : folded === FALSE ? FAIL : HOLD | FAIL
    }
    let outcome = this.outcomes.get(n)
    if (outcome === undefined) {
      outcome = n.kind === 'not' ? this.outcomeOfNot(n.item) : this.outcomeOfJoin(n)
      this.outcomes.set(n, outcome)
    }
    return outcome
  }

  private outcomeOfNot(item: Node): number {
    const of = this.outcome(item)
    return ((of & HOLD) === 0 ? 0 : FAIL) | ((of & FAIL) === 0 ? 0 : HOLD)
  }

  private outcomeOfJoin({ kind, items }: JoinNode): number {
    const [decisive, other] = kind === 'and' ? [FAIL, HOLD] : [HOLD, FAIL]
    let outcome = other
    for (const item of items) {
      const of = this.outcome(item)
      if (of === decisive) return decisive
      outcome |= of & decisive
    }
    return outcome
  }

  private foldNode(n: Node): Folded {
    if (n.kind === 'test') return this.foldTest(n)
    const found = this.known.get(n)
    if (found !== undefined) return found
    const folded = n.kind === 'not' ? this.foldNot(this.foldNode(n.item)) : this.foldJoin(n)
    this.known.set(n, folded)
    return folded
  }

  private foldTest(n: TestNode): Folded {
    if (!this.isOurs(this.code) && (n.left.kind !== 'field' || !isTypeField(n.left))) return n
    let truth = this.truths.get(n)
    if (truth === undefined) {
      truth = truthByType(n)
      this.truths.set(n, truth)
    }
    const t = truth(this.code)
    return t === UNKNOWN ? n : t
  }

  private foldNot(item: Folded): Folded {
    return typeof item === 'number' ? (item === TRUE ? FALSE : TRUE) : this.interner.not(item)
  }

  private foldJoin(n: JoinNode): Folded {
    const { kind, items } = n
    const [decisive, other] = kind === 'and' ? ([FALSE, TRUE] as const) : ([TRUE, FALSE] as const)
    const remaining: Node[] = []
    let same = true
    for (const item of items) {
      const folded = this.foldNode(item)
      if (folded === decisive) return decisive
      if (typeof folded !== 'number') remaining.push(folded)
      same &&= folded === item
    }
    if (same) return n
    return remaining.length === 0 ? other : this.interner.join(kind, remaining)
  }
}
