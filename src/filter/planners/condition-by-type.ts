// What remains of a filter for events of one type: tests that the type decides are folded away, and what contradicts itself then.
import { TypeKeys } from '../bytype.js'
import { FoldByType } from '../fold-by-type.js'
import { Interner } from '../intern.js'
import { withImplied } from '../planner-hints.js'
import type { Folded } from '../reduce.js'
import { type CheckedFilter, eachTest, type TestNode } from '../typed.js'

const known = new WeakMap<CheckedFilter, ConditionByType>()

/** The conditions of a filter. They are folded once for each type, although several planners need them. */
export function conditionsOf(filter: CheckedFilter): ConditionByType {
  let conditions = known.get(filter)
  if (conditions === undefined) {
    conditions = new ConditionByType(filter)
    known.set(filter, conditions)
  }
  return conditions
}

export class ConditionByType {
  /** all tests of the filter; the conditions consist of these objects */
  readonly tests: ReadonlySet<TestNode>
  private readonly root
  private readonly byType: FoldByType
  private readonly types: TypeKeys
  private readonly known = new Map<string, Folded>()

  constructor(filter: CheckedFilter) {
    const interner = new Interner()
    this.byType = new FoldByType(interner, () => true)
    this.root = interner.node(withImplied(filter.root))
    const tests = new Set<TestNode>()
    eachTest(this.root, (test) => tests.add(test))
    this.tests = tests
    this.types = new TypeKeys(tests)
  }

  /** The condition under which events with that code pass. Equal objects for codes for which it is the same. */
  at(code: number): Folded {
    const key = this.types.key(code)
    let condition = this.known.get(key)
    if (condition === undefined) {
      condition = this.byType.reduce(this.root, code)
      this.known.set(key, condition)
    }
    return condition
  }
}
