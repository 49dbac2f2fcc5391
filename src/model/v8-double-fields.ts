// Fields that hold large numbers or fractions sooner or later, told to the engine before any code is compiled.

/** What the engine has learnt of a class goes when no object of it is left. */
const kept: object[] = []

/**
 * V8 takes a field for one of small integers until it meets something else in any object of the class; then it throws away
 * all compiled code that knows the class. For those whose first value is a small integer, one object meets it at the start.
 */
export function keepDoubleFields<T extends object>(one: T, ...keys: (keyof T)[]): void {
  for (const key of keys) (one as Record<keyof T, unknown>)[key] = 0.5
  kept.push(one)
}
