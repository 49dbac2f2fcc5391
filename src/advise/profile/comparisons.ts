// Tests the conditions on arguments for the call under the cursor.

import { ROW } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { EventDef } from '../../schema/types.js'
import { argumentParam, exactUnsigned, isConverted, unsigned } from '../calls/arguments.js'
import type { Comparison } from './profile.js'

/** The result of a test: whether it holds; undefined: the argument was not recorded. */
export type Test = (e: Event) => boolean | undefined

/** A test for one condition, for the rows of an event. */
export function comparisonTest(def: EventDef, c: Comparison): Test {
  const p = argumentParam(def, c.index)
  const param = def.params[p]
  if (param === undefined) return () => undefined
  const converted = isConverted(param)
  const exact = exactTest(c)
  const quick = numberTest(c)
  return (e) => {
    if (converted && !e.batch.native) return undefined
    const compat = (e.flags & ROW.COMPAT) !== 0
    const n = unsigned(e, p, compat)
    if (quick !== undefined && !Number.isNaN(n)) return quick(n)
    const value = exactUnsigned(e, p, compat)
    return value === undefined ? undefined : exact(value)
  }
}

/** A test for numbers below 2^53, without allocation; undefined if the condition itself has greater ones. */
function numberTest({ op, value, valueTwo }: Comparison): ((n: number) => boolean) | undefined {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || valueTwo > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  const v = Number(value)
  if (op !== 'MASKED_EQ') return (n) => compares(op, n, v)
  const [low, high] = [v >>> 0, Math.floor(v / TWO32)]
  const [two, twoHigh] = [Number(valueTwo) >>> 0, Math.floor(Number(valueTwo) / TWO32)]
  return (n) => (n & low) >>> 0 === two && (Math.floor(n / TWO32) & high) >>> 0 === twoHigh
}

const TWO32 = 2 ** 32

/** Whether a condition holds for a value. */
export function holdsFor(c: Comparison, value: bigint): boolean {
  return exactTest(c)(value)
}

function exactTest({ op, value, valueTwo }: Comparison): (n: bigint) => boolean {
  return op === 'MASKED_EQ' ? (n) => (n & value) === valueTwo : (n) => compares(op, n, value)
}

function compares<T extends number | bigint>(op: Exclude<Comparison['op'], 'MASKED_EQ'>, a: T, b: T): boolean {
  switch (op) {
    case 'EQ':
      return a === b
    case 'NE':
      return a !== b
    case 'LT':
      return a < b
    case 'LE':
      return a <= b
    case 'GE':
      return a >= b
    case 'GT':
      return a > b
  }
}
