// Equality of many rows or cells.
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'

/**
 * As `expect(found, message).toEqual(expected)`. Vitest needs 12 us for a small value and three times as long as Node for a large one, so it
 * only compares if Node, which is stricter, finds a difference.
 */
export function expectSame(found: unknown, expected: unknown, message?: string): void {
  if (!isDeepStrictEqual(found, expected)) expect(found, message).toEqual(expected)
}
