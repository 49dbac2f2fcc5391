// What is known about an event at one place of a condition: tests that hold, and tests that fail. Decides whether they can all be true at
// once.
import { mustAllMatch } from './decide.js'
import { isStateful, valueKey } from './intern.js'
import { type Condition, isConstantTest, isImpossible } from './one-value.js'
import type { TestNode } from './typed.js'

const keys = new WeakMap<TestNode, string | TestNode>()

/** Tests with equal keys test the same value; other tests have nothing in common. */
function keyOf(test: TestNode): string | TestNode {
  let key = keys.get(test)
  if (key === undefined) {
    key = isConstantTest(test) ? valueKey(test.left) : test
    keys.set(test, key)
  }
  return key
}

/** Whether a test may have two results for one event. */
function changes({ left, right }: TestNode): boolean {
  return isStateful(left) || (right !== undefined && isStateful(right))
}

/** Whether an event can have a value, or none, for which all tests of one field have these results. */
function isPossible(facts: readonly Condition[]): boolean {
  const [first] = facts
  if (first === undefined) return true
  // no test holds for an absent value
  if (!facts.some((f) => f.holds)) return true
  if (!isConstantTest(first.test)) return !facts.some((f) => f.holds !== first.holds)
  if (first.test.left.cardinality === 'one') return !isImpossible(facts)
  // of several values, all fulfil the conditions for all; each of the others is fulfilled by one of them
  const forAll = facts.filter(({ test, holds }) => mustAllMatch(test.op, test.left.cardinality) === holds)
  if (facts.some((f) => f.test.modifier !== undefined)) return true
  const forSome = facts.filter((f) => !forAll.includes(f))
  return !isImpossible(forAll) && !forSome.some((f) => isImpossible([...forAll, f]))
}

/** More are not remembered: each costs time at every test below. */
const MOST_FACTS = 64

export class Facts {
  private constructor(
    private readonly byKey: ReadonlyMap<string | TestNode, readonly Condition[]>,
    private readonly count: number,
  ) {}

  static readonly NONE = new Facts(new Map(), 0)

  /** These facts and one more, or these alone if they are many. */
  with(test: TestNode, holds: boolean): Facts {
    if (this.count === MOST_FACTS) return this
    const key = keyOf(test)
    const byKey = new Map(this.byKey)
    byKey.set(key, [...(byKey.get(key) ?? []), { test, holds }])
    return new Facts(byKey, this.count + 1)
  }

  /** The only possible result of a test; undefined: both are possible. */
  resultOf(test: TestNode): boolean | undefined {
    if (changes(test)) return undefined
    const known = this.byKey.get(keyOf(test)) ?? []
    if (!isPossible([...known, { test, holds: true }])) return false
    return known.length > 0 && !isPossible([...known, { test, holds: false }]) ? true : undefined
  }
}
