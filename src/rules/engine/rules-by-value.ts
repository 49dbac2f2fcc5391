// Which rules of one event type are still possible for a value of a field, as bits. The bits are computed once for each value, since the
// same programs, users and paths recur. A few look-ups then exclude all rules for most events.
import { isTypeField } from '../../filter/bytype.js'
import { WORTH_CACHING } from '../../filter/cost.js'
import { isStateful, valueKey } from '../../filter/intern.js'
import type { Test } from '../../filter/operators.js'
import type { FieldNode, Node, TestNode } from '../../filter/typed.js'

/** Rules per number of bits: as many as fit V8's small integers. */
export const RULES_IN_WORD = 30
/** Cached values of a field, and their characters in all; above either, the cache is cleared. */
const MOST_VALUES = 4096
const MOST_CHARACTERS = 1 << 20

const EQUALITY = new Set(['=', '==', '!=', 'in', 'intersects'])

/** One bit for each rule of a type, in rule order: 1 if the rule is possible. */
type RuleBits = Int32Array

/** Conditions of rules that depend on a single field. */
export interface FieldConditions {
  readonly field: FieldNode
  /** by the position of a rule, the conditions that must all hold */
  readonly conditions: ReadonlyMap<number, readonly Node[]>
}

export class RulesByValue {
  readonly field: FieldNode
  readonly absent: RuleBits
  private readonly values = new Map<unknown, RuleBits>()
  /** equal bits share one array */
  private readonly interned = new Map<string, RuleBits>()
  /** characters of all cached values */
  private characters = 0
  private readonly tests = new Map<TestNode, Test>()
  /** if all tests are for equality: the values they name, and the bits of every other value */
  private readonly naming: { readonly named: ReadonlySet<unknown>; readonly others: RuleBits } | undefined

  /** rules: their number; decision: compiles a test of a value. */
  constructor(
    private readonly onField: FieldConditions,
    private readonly rules: number,
    decision: (test: TestNode) => Test,
  ) {
    this.field = onField.field
    const add = (n: Node): void => {
      if (n.kind === 'test') this.tests.set(n, decision(n))
      else if (n.kind === 'not') add(n.item)
      else n.items.forEach(add)
    }
    for (const nodes of onField.conditions.values()) nodes.forEach(add)
    this.absent = this.bitsFor(undefined)
    this.naming = this.namedValues([...this.tests.keys()])
  }

  /** Values whose bits are cached. */
  get known(): ReadonlyMap<unknown, RuleBits> {
    return this.values
  }

  /** The bits of a value that is not cached. */
  find(value: unknown): RuleBits {
    const { naming } = this
    if (naming !== undefined && !naming.named.has(value)) return naming.others
    if (this.values.size >= MOST_VALUES || this.characters > MOST_CHARACTERS) this.clear()
    const bits = this.bitsFor(value)
    this.values.set(value, bits)
    if (typeof value === 'string') this.characters += value.length
    return bits
  }

  private clear(): void {
    this.values.clear()
    this.interned.clear()
    this.characters = 0
  }

  private namedValues(tests: readonly TestNode[]): RulesByValue['naming'] {
    if (!tests.every(({ op }) => EQUALITY.has(op.text))) return undefined
    const named = new Set(tests.flatMap((test): readonly unknown[] => test.constants))
    return { named, others: this.bitsFor(this.field.type === 'number' ? Number.NaN : textOtherThan(named)) }
  }

  private bitsFor(value: unknown): RuleBits {
    const answers = new Map<TestNode, boolean>()
    for (const [test, decide] of this.tests) answers.set(test, decide(value as never))
    const holds = (n: Node): boolean => {
      if (n.kind === 'test') return answers.get(n) as boolean
      if (n.kind === 'not') return !holds(n.item)
      return n.kind === 'and' ? n.items.every(holds) : n.items.some(holds)
    }
    const { conditions } = this.onField
    const possible = Array.from({ length: this.rules }, (_, place) => place)
    const bits = bitsOf(
      possible.filter((place) => conditions.get(place)?.every(holds) ?? true),
      this.rules,
    )
    const key = bits.join(' ')
    const known = this.interned.get(key)
    if (known !== undefined) return known
    this.interned.set(key, bits)
    return bits
  }
}

/** Bits with the rules at these positions set. rules: their total number. */
export function bitsOf(places: Iterable<number>, rules: number): RuleBits {
  const bits = new Int32Array(Math.ceil(rules / RULES_IN_WORD))
  for (const place of places) bits[Math.floor(place / RULES_IN_WORD)]! |= 1 << (place % RULES_IN_WORD)
  return bits
}

/** The bits of all rules. */
export function allPossible(rules: number): RuleBits {
  return bitsOf(Array(rules).keys(), rules)
}

/** A text that is not among these. */
function textOtherThan(named: ReadonlySet<unknown>): string {
  let text = ''
  while (named.has(text)) text += '-'
  return text
}

/**
 * The only field that a condition tests, if all its tests are cheap; undefined for other conditions. For numbers, which have many
 * different values, only tests for equality qualify.
 */
export function testedField(n: Node): FieldNode | undefined {
  if (n.kind === 'test') return isCheapTest(n) ? (n.left as FieldNode) : undefined
  const fields = (n.kind === 'not' ? [n.item] : n.items).map(testedField)
  const [first] = fields
  if (first === undefined) return undefined
  const key = valueKey(first)
  return fields.every((field) => field !== undefined && valueKey(field) === key) ? first : undefined
}

function isCheapTest({ left, op, right, modifier }: TestNode): boolean {
  if (left.kind !== 'field' || right !== undefined || modifier !== undefined) return false
  if (left.cardinality !== 'one' || left.dynamic || isTypeField(left) || isStateful(left)) return false
  return left.type === 'string' ? op.cost < WORTH_CACHING : left.type === 'number' && EQUALITY.has(op.text)
}
