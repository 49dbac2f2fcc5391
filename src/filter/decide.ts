// Applies operators to the values of fields. The only place that defines absent values: every operator is false for an absent value,
// including `!=`; only `not` turns that into true. An empty list or set of candidate values is absent.
import type { Cardinality, Constant, Kind, Operator, PairTest, Scalar, Test } from './operators.js'
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

/** Whether all of several values must match, rather than one. */
export function mustAllMatch(op: Operator, cardinality: Cardinality): boolean {
  return op.every === true && (cardinality === 'list' || (cardinality === 'any' && op.right === 'value'))
}

/** Run-time check of a value's kind: values of dynamic fields are checked before they are compared. */
function hasKind(kind: Kind, v: unknown): boolean {
  switch (kind) {
    case 'number':
    case 'time':
      return typeof v === 'number' || typeof v === 'bigint'
    case 'bool':
      return typeof v === 'boolean'
    case 'bytes':
      return v instanceof Uint8Array
    default:
      return typeof v === 'string'
  }
}

/** The test of a field's value against constants, including absent values. `guard` checks the kind at run time. */
function constantTest(
  op: Operator,
  kind: Kind,
  cardinality: Cardinality,
  values: readonly Constant[],
  guard = false,
): Test {
  const test = op.constant(kind, values)
  if (cardinality === 'one') {
    if (guard) return (v) => hasKind(kind, v) && test(v as Scalar)
    return (v) => v !== undefined && test(v as Scalar)
  }
  const every = mustAllMatch(op, cardinality)
  return (v) => {
    const items = v as readonly Scalar[] | undefined
    if (items === undefined || items.length === 0) return false
    for (let i = 0; i < items.length; i++) if (test(items[i] as Scalar) !== every) return !every
    return every
  }
}

/** The test of two fields' values, including absent ones. For `in` and `intersects` the right side is a list. */
export function pairTest(op: Operator, kind: Kind, left: Cardinality, right: Cardinality): PairTest {
  const test = op.pair(kind)
  const every = mustAllMatch(op, left)
  const against: PairTest = right === 'one' ? (a, b) => test(a as Scalar, b as Scalar) : anyOnTheRight(test)
  if (left === 'one') return (a, b) => a !== undefined && b !== undefined && against(a, b)
  return (a, b) => {
    const items = a as readonly Scalar[] | undefined
    if (items === undefined || items.length === 0 || b === undefined) return false
    for (let i = 0; i < items.length; i++) if (against(items[i], b) !== every) return !every
    return every
  }
}

function anyOnTheRight(test: (a: Scalar, b: Scalar) => boolean): PairTest {
  return (a, b) => {
    const items = b as readonly Scalar[]
    for (let i = 0; i < items.length; i++) if (test(a as Scalar, items[i] as Scalar)) return true
    return false
  }
}

/** How many of several tests must hold. */
function quantified(modifier: 'oneof' | 'anyof' | 'allof', tests: readonly Test[]): Test {
  if (modifier === 'anyof')
    return (v) => {
      for (let i = 0; i < tests.length; i++) if ((tests[i] as Test)(v)) return true
      return false
    }
  if (modifier === 'allof')
    return (v) => {
      for (let i = 0; i < tests.length; i++) if (!(tests[i] as Test)(v)) return false
      return v !== undefined && tests.length > 0
    }
  return (v) => {
    let n = 0
    for (let i = 0; i < tests.length; i++) if ((tests[i] as Test)(v)) n++
    return n === 1
  }
}
