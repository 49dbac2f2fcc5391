// Finite sets and complements of finite sets. `undefined` as a member represents the absent value.

export interface ValueSet<T> {
  /** false: exactly `values`; true: everything else */
  readonly not: boolean
  readonly values: ReadonlySet<T | undefined>
}

/** Larger sets are not worth keeping: no user of them can express them. */
const LARGEST = 512

export const EVERYTHING: ValueSet<never> = { not: true, values: new Set() }

/** Limits the size: a larger finite set becomes everything, a larger exception list is cut. Both only grow the set. */
function bounded<T>(set: ValueSet<T>): ValueSet<T> {
  if (set.values.size <= LARGEST) return set
  return set.not ? { not: true, values: new Set([...set.values].slice(0, LARGEST)) } : EVERYTHING
}

export function only<T>(values: Iterable<T | undefined>): ValueSet<T> {
  return { not: false, values: new Set(values) }
}

export function complement<T>(set: ValueSet<T>): ValueSet<T> {
  return { not: !set.not, values: set.values }
}

export function contains<T>(set: ValueSet<T>, value: T | undefined): boolean {
  return set.values.has(value) !== set.not
}

export function isEmpty<T>(set: ValueSet<T>): boolean {
  return !set.not && set.values.size === 0
}

export function isEverything<T>(set: ValueSet<T>): boolean {
  return set.not && set.values.size === 0
}

/** A set that contains whatever is in both. */
export function intersection<T>(a: ValueSet<T>, b: ValueSet<T>): ValueSet<T> {
  if (isEverything(a)) return bounded(b)
  if (isEverything(b)) return bounded(a)
  if (!a.not) return bounded({ not: false, values: new Set([...a.values].filter((v) => contains(b, v))) })
  if (!b.not) return intersection(b, a)
  if (a.values.size < b.values.size) return intersection(b, a)
  if ([...b.values].every((v) => a.values.has(v))) return a
  return bounded({ not: true, values: new Set([...a.values, ...b.values]) })
}

/** A set that contains whatever is in either. */
export function union<T>(a: ValueSet<T>, b: ValueSet<T>): ValueSet<T> {
  if (isEverything(a) || isEverything(b)) return EVERYTHING
  if (a.not) return { not: true, values: new Set([...a.values].filter((v) => !contains(b, v))) }
  if (b.not) return union(b, a)
  return bounded({ not: false, values: new Set([...a.values, ...b.values]) })
}
