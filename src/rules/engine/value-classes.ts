// Values of a field that pass the same tests are one class: many tests of which value it is are answered by one look-up.
import { isTypeField } from '../../filter/bytype.js'
import { isStateful } from '../../filter/intern.js'
import type { TestNode } from '../../filter/typed.js'

/** The classes of an absent value, and of values that no test names. */
export const ABSENT = 0
export const OTHER = 1

export interface ValueClasses {
  /** the class of each value that a test names */
  readonly of: ReadonlyMap<unknown, number>
  /** by test, 1 for each class that passes it */
  readonly passing: ReadonlyMap<TestNode, Uint8Array>
}

const EQUAL = new Set(['=', '==', 'in', 'intersects'])
const KINDS = new Set(['string', 'number'])

/** Whether a test asks nothing but which value a field has. */
export function isMembership({ left, op, right, modifier }: TestNode): boolean {
  if (left.kind !== 'field' || right !== undefined || modifier !== undefined) return false
  if (left.cardinality !== 'one' || left.dynamic || !KINDS.has(left.type)) return false
  return (EQUAL.has(op.text) || op.text === '!=') && !isTypeField(left) && !isStateful(left)
}

/** The classes for membership tests of one field. */
export function valueClasses(tests: readonly TestNode[]): ValueClasses {
  const namedBy = new Map<unknown, number[]>()
  tests.forEach(({ constants }, i) => {
    for (const c of new Set<unknown>(constants)) {
      const by = namedBy.get(c)
      if (by === undefined) namedBy.set(c, [i])
      else by.push(i)
    }
  })
  const classes = new Map<string, number>()
  const of = new Map<unknown, number>()
  for (const [value, by] of namedBy) {
    const key = by.join(' ')
    const known = classes.get(key) ?? classes.size + OTHER + 1
    classes.set(key, known)
    of.set(value, known)
  }
  const passing = new Map(tests.map((test) => [test, passingOf(test, of, classes.size + OTHER + 1)] as const))
  return { of, passing }
}

function passingOf({ op, constants }: TestNode, of: ReadonlyMap<unknown, number>, size: number): Uint8Array {
  const named = EQUAL.has(op.text) ? 1 : 0
  const passes = new Uint8Array(size).fill(1 - named)
  passes[ABSENT] = 0
  for (const c of constants) passes[of.get(c) as number] = named
  return passes
}
