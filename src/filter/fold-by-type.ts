// What is left of a filter for events of one type: tests that the type decides are gone, with all that they decide.
import { FALSE, isTypeField, TRUE, type Truth, truthByType, UNKNOWN } from './bytype.js'
import type { Interner } from './intern.js'
import type { JoinNode, Node, TestNode } from './typed.js'

/** Certainly false or true, or what decides. */
export type Folded = Node | typeof FALSE | typeof TRUE

/** What a condition may do for events of a type. */
const HOLD = 1
const FAIL = 2

export class FoldByType {
  private readonly outcomes = new Map<Node, number>()
  private readonly truths = new Map<TestNode, (code: number) => Truth>()
  private readonly known = new Map<Node, Folded>()
  private code = -1

  /** isOurs: whether a code means what it means here; of others no more is concluded than what their events are called. */
  constructor(
    private readonly interner: Interner,
    private readonly isOurs: (code: number) => boolean,
  ) {}

  /** Of an interned node. Filters with parts in common are to be asked about one code after the other. */
  fold(n: Node, code: number): Folded {
    if (code !== this.code) {
      this.known.clear()
      this.outcomes.clear()
    }
    this.code = code
    // most conditions are of other types, of which nothing has to be made
    return (this.outcome(n) & HOLD) === 0 ? FALSE : this.of(n)
  }

  private outcome(n: Node): number {
    if (n.kind === 'test') {
      const folded = this.ofTest(n)
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

  private of(n: Node): Folded {
    if (n.kind === 'test') return this.ofTest(n)
    const found = this.known.get(n)
    if (found !== undefined) return found
    const folded = n.kind === 'not' ? this.ofNot(this.of(n.item)) : this.ofJoin(n)
    this.known.set(n, folded)
    return folded
  }

  private ofTest(n: TestNode): Folded {
    if (!this.isOurs(this.code) && (n.left.kind !== 'field' || !isTypeField(n.left))) return n
    let truth = this.truths.get(n)
    if (truth === undefined) {
      truth = truthByType(n)
      this.truths.set(n, truth)
    }
    const t = truth(this.code)
    return t === UNKNOWN ? n : t
  }

  private ofNot(item: Folded): Folded {
    return typeof item === 'number' ? (item === TRUE ? FALSE : TRUE) : this.interner.not(item)
  }

  private ofJoin({ kind, items }: JoinNode): Folded {
    const [decisive, other] = kind === 'and' ? ([FALSE, TRUE] as const) : ([TRUE, FALSE] as const)
    const left: Node[] = []
    for (const item of items) {
      const folded = this.of(item)
      if (folded === decisive) return decisive
      if (typeof folded !== 'number') left.push(folded)
    }
    return left.length === 0 ? other : this.interner.join(kind, left)
  }
}
