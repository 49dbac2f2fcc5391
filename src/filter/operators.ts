// The operators, each declared once: what they compare, and how they decide on values that are present. decide.ts applies them.
import type { FieldValue } from '../fields/field.js'
import { Net, sameAddress } from './address.js'
import { bytesContain, bytesContainFolded, bytesEnd, bytesEqual, bytesStart, textOrder } from './bytes.js'
import { globTest } from './glob.js'
import { pathSetTest } from './pathset.js'
import { regexTest } from './regex.js'

/** How values of a type are compared. */
export type Kind = 'number' | 'time' | 'bool' | 'string' | 'bytes' | 'ip' | 'net'
export type Scalar = number | bigint | boolean | string | Uint8Array
export type Constant = Scalar | Net
/**
 * How many values a field has: one, several candidates of which any may match ('each': all must differ for !=), or a
 * list.
 */
export type Cardinality = 'one' | 'any' | 'each' | 'list'
export type Value = FieldValue | undefined
export type Test = (value: Value) => boolean
export type PairTest = (left: Value, right: Value) => boolean

type Unary = (v: Scalar) => boolean
type Binary = (a: Scalar, b: Scalar) => boolean

export interface Operator {
  readonly text: string
  /** what the right side is */
  readonly right: 'none' | 'value' | 'list'
  readonly kinds: readonly Kind[]
  /** relative to the cost of comparing two numbers */
  readonly cost: number
  /** whether the right side may be another field */
  readonly fieldRight: boolean
  /** whether it can compare a list field */
  readonly lists: boolean
  /** the right side is hexadecimal digits */
  readonly hex?: boolean
  /** returns the decision on a present value for constants (one for `value`, any number for `list`) */
  readonly constant: (kind: Kind, values: readonly Constant[]) => Unary
  /** returns the decision on two present values */
  readonly pair: (kind: Kind) => Binary
  /** for several candidates or list items: all must match instead of one */
  readonly every?: boolean
  /** JavaScript of the decision for a number, text or boolean x (either may be undefined) and a constant c */
  readonly inline?: (x: string, c: string) => string
  /** false: `inline` is not valid for texts */
  readonly inlineTexts?: false
}

const ALL: readonly Kind[] = ['number', 'time', 'bool', 'string', 'bytes', 'ip', 'net']
const ORDERED: readonly Kind[] = ['number', 'time', 'string']

const strings = (test: (a: string, b: string) => boolean): Binary => test as unknown as Binary
const buffers = (test: (a: Uint8Array, b: Uint8Array) => boolean): Binary => test as unknown as Binary
const numbers = (test: (a: number, b: number) => boolean): Binary => test as unknown as Binary

function equality(kind: Kind): Binary {
  if (kind === 'bytes') return buffers(bytesEqual)
  if (kind === 'ip' || kind === 'net') return strings(sameAddress)
  return (a, b) => a === b
}

/** Whether a value is one of the constants. */
function membership(kind: Kind, values: readonly Constant[]): Unary {
  if (kind === 'bytes') return (v) => values.some((c) => bytesEqual(v as Uint8Array, c as Uint8Array))
  if (kind !== 'ip' && kind !== 'net') {
    if (values.length === 1) {
      const only = values[0]
      return (v) => v === only
    }
    const set = new Set<unknown>(values)
    return (v) => set.has(v)
  }
  const nets = values.filter((c) => c instanceof Net)
  const texts = new Set(values.filter((c) => typeof c === 'string'))
  const long = [...texts].filter((t) => t.includes(':'))
  return (v) => {
    const text = v as string
    if (texts.has(text)) return true
    for (const c of long) if (sameAddress(text, c)) return true
    for (const net of nets) if (net.has(text)) return true
    return false
  }
}

const fromPair = (pair: (kind: Kind) => Binary) => (kind: Kind, values: readonly Constant[]) => {
  const test = pair(kind)
  const c = values[0] as Scalar
  return (v: Scalar) => test(v, c)
}

/** An ordering operator; texts are ordered by their bytes. */
function ordering(text: string, test: (a: number, b: number) => boolean): Operator {
  const texts = strings((a, b) => test(textOrder(a, b), 0))
  const pair = (kind: Kind) => (kind === 'string' ? texts : numbers(test))
  return {
    text,
    right: 'value',
    kinds: ORDERED,
    cost: 1,
    fieldRight: true,
    lists: false,
    constant: fromPair(pair),
    pair,
    inline: (x, c) => `${x}${text}${c}`,
    inlineTexts: false,
  }
}

/** An operator on texts and, if `bytes` is given, on buffers. */
function textual(
  text: string,
  cost: number,
  test: ((a: string, b: string) => boolean) | undefined,
  bytes?: (a: Uint8Array, b: Uint8Array) => boolean,
  more: Partial<Operator> = {},
): Operator {
  const kinds: Kind[] = []
  if (test !== undefined) kinds.push('string')
  if (bytes !== undefined) kinds.push('bytes')
  const pair = (kind: Kind) => (kind === 'bytes' ? buffers(bytes as NonNullable<typeof bytes>) : strings(test as never))
  return { text, right: 'value', kinds, cost, fieldRight: true, lists: false, constant: fromPair(pair), pair, ...more }
}

/**
 * An operator whose right side is compiled, such as a pattern; a right side that changes between events is compiled
 * again when it does.
 */
function patterned(text: string, cost: number, prepare: (pattern: string) => (text: string) => boolean): Operator {
  return textual(text, cost, (a, b) => prepare(b)(a), undefined, {
    constant: (_, values) => prepare(values[0] as string) as Unary,
    pair: () => {
      let last: string | undefined
      let test: (text: string) => boolean = () => false
      return strings((a, b) => {
        if (b !== last) {
          test = prepare(b)
          last = b
        }
        return test(a)
      })
    },
  })
}

function equal(text: string): Operator {
  return {
    text,
    right: 'value',
    kinds: ALL,
    cost: 1,
    fieldRight: true,
    lists: false,
    constant: membership,
    pair: equality,
    inline: (x, c) => `${x}===${c}`,
  }
}

function setOperator(text: string, every: boolean): Operator {
  return {
    text,
    right: 'list',
    kinds: ALL,
    cost: 2,
    fieldRight: true,
    lists: true,
    every,
    constant: membership,
    pair: equality,
  }
}

const DEFINED: readonly Operator[] = [
  {
    text: 'exists',
    right: 'none',
    kinds: ALL,
    cost: 1,
    fieldRight: false,
    lists: true,
    constant: () => () => true,
    pair: () => () => true,
    inline: (x) => `${x}!==undefined`,
  },
  equal('='),
  equal('=='),
  {
    ...equal('!='),
    every: true,
    constant: (kind, values) => {
      const test = membership(kind, values)
      return (v) => !test(v)
    },
    pair: (kind) => {
      const test = equality(kind)
      return (a, b) => !test(a, b)
    },
    inline: (x, c) => `(v=${x})!==undefined&&v!==${c}`,
  },
  ordering('<', (a, b) => a < b),
  ordering('<=', (a, b) => a <= b),
  ordering('>', (a, b) => a > b),
  ordering('>=', (a, b) => a >= b),
  textual('contains', 8, (a, b) => a.includes(b), bytesContain),
  textual('icontains', 16, (a, b) => a.toLowerCase().includes(b.toLowerCase()), bytesContainFolded, {
    constant: (kind, values) => {
      if (kind === 'bytes') {
        const part = values[0] as Uint8Array
        return (v) => bytesContainFolded(v as Uint8Array, part)
      }
      const part = (values[0] as string).toLowerCase()
      return (v) => (v as string).toLowerCase().includes(part)
    },
  }),
  textual('bcontains', 8, undefined, bytesContain, { hex: true }),
  textual('startswith', 2, (a, b) => a.startsWith(b), bytesStart, {
    inline: (x, c) => `(v=${x})!==undefined&&v.startsWith(${c})`,
  }),
  textual('bstartswith', 2, undefined, bytesStart, { hex: true }),
  textual('endswith', 2, (a, b) => a.endsWith(b), bytesEnd, {
    inline: (x, c) => `(v=${x})!==undefined&&v.endsWith(${c})`,
  }),
  patterned('glob', 16, (p) => globTest(p)),
  patterned('iglob', 16, (p) => globTest(p, true)),
  { ...patterned('regex', 64, regexTest), fieldRight: false },
  setOperator('in', true),
  setOperator('intersects', false),
  {
    ...textual('pmatch', 16, (a, b) => pathSetTest([b])(a)),
    right: 'list',
    fieldRight: false,
    constant: (_, values) => pathSetTest(values as readonly string[]) as Unary,
  },
]

export const OPERATORS: ReadonlyMap<string, Operator> = new Map(DEFINED.map((o) => [o.text, o]))

/** Operators written as words. */
export const WORD_OPERATORS: readonly string[] = DEFINED.map((o) => o.text).filter((t) => /^[a-z]/.test(t))
