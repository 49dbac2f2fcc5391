// A test as a function of its left side's value.
import { type Constant, constantTest, quantified, type Test } from './operators.js'
import { TimeOfDay } from './time.js'
import type { TestNode } from './typed.js'

/** A test's constants, with times of day resolved to the day of `startSec` (epoch seconds). */
export function constantsOf(node: TestNode, startSec: number): Constant[] {
  return node.constants.map((c) => (c instanceof TimeOfDay ? c.on(startSec) : c))
}

/** Returns the decision on the left side's value. The right side of the test must not be a field. */
export function valueTest(node: TestNode, startSec: number): Test {
  const { op, left, modifier } = node
  const guard = left.kind === 'field' && left.dynamic
  const values = constantsOf(node, startSec)
  if (modifier === undefined) return constantTest(op, left.type, left.cardinality, values, guard)
  const tests = values.map((v) => constantTest(op, left.type, left.cardinality, [v], guard))
  return quantified(modifier, tests)
}
