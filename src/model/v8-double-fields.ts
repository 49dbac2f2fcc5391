// Declares to V8, before any code is compiled, which fields will hold large numbers or fractions.

/** Keeps one object per class alive: V8 drops what it has learnt of a class with its last object. */
const retained: object[] = []

/**
 * V8 assumes that a field holds small integers until an object of the class has another value in it; then it discards all
 * compiled code that depends on the class. For fields whose first value is a small integer, this creates one such object at the
 * start.
 */
export function fixDoubleFields<T extends object>(one: T, ...keys: (keyof T)[]): void {
  for (const key of keys) (one as Record<keyof T, unknown>)[key] = 0.5
  retained.push(one)
}
