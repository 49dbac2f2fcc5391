// Whether one value of a field can fulfil several conditions at once. The conclusion "impossible" is certain; everything that is not
// understood is possible.
import { Net, parseAddress } from './address.js'
import { valueTest } from './decide.js'
import type { Constant, Test, Value } from './operators.js'
import { TimeOfDay } from './time.js'
import type { TestNode } from './typed.js'

/** A test of a field's value that holds, or that fails although the value is present. */
export interface Condition {
  readonly test: TestNode
  readonly holds: boolean
}

/** Whether the constants of a test are known, and nothing but the value decides it. */
export function isConstantTest({ left, right, constants }: TestNode): boolean {
  return left.kind !== 'const' && right === undefined && !constants.some((c) => c instanceof TimeOfDay)
}

/** Whether no value fulfils all conditions, which are constant tests of the same field. */
export function isImpossible(conditions: readonly Condition[]): boolean {
  const candidates = candidatesOf(conditions)
  if (candidates !== undefined) {
    const tests = conditions.map(onOneValue)
    return !candidates.some((value) => tests.every((fulfils) => fulfils(value)))
  }
  return opposite(conditions) || emptyRange(conditions) || emptyNet(conditions) || clashingTexts(conditions)
}

/** Decisions of constant tests, which are needed many times: those of long lists are sets. */
const decisions = new WeakMap<TestNode, Test>()

function decisionOf(test: TestNode): Test {
  let decide = decisions.get(test)
  if (decide === undefined) {
    decide = valueTest(test, 0)
    decisions.set(test, decide)
  }
  return decide
}

/** Whether a value that is present fulfils the condition. */
function onOneValue({ test, holds }: Condition): (value: Constant) => boolean {
  const decide = decisionOf(test)
  if (test.left.cardinality === 'one') return (value) => decide(value as Value) === holds
  return (value) => decide([value] as Value) === holds
}

/** Values one of which must be the field's, if the conditions leave finitely many; undefined: others are possible. */
function candidatesOf(conditions: readonly Condition[]): readonly Constant[] | undefined {
  let fewest: readonly Constant[] | undefined
  for (const c of conditions) {
    const values = equalTo(c)
    if (values !== undefined && (fewest === undefined || values.length < fewest.length)) fewest = values
  }
  const [first] = conditions
  return fewest ?? (first?.test.left.type === 'bool' && !isDynamic(first.test) ? [true, false] : undefined)
}

/** The values that fulfil a condition, if it lists them. */
function equalTo({ test, holds }: Condition): readonly Constant[] | undefined {
  const { op, modifier, constants } = test
  if (modifier !== undefined || constants.some((c) => c instanceof Net)) return undefined
  const lists = holds ? ['=', '==', 'in', 'intersects'].includes(op.text) : op.text === '!=' && !isDynamic(test)
  return lists ? (constants as readonly Constant[]) : undefined
}

/** Values of such a field may be of another kind than the constants: all its tests fail for these. */
function isDynamic({ left }: TestNode): boolean {
  return left.kind === 'field' && left.dynamic
}

/** Whether one test both holds and fails. */
function opposite(conditions: readonly Condition[]): boolean {
  return conditions.some(({ test, holds }) => conditions.some((o) => o.test === test && o.holds !== holds))
}

const NEGATED: Readonly<Record<string, string>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' }

/** Numbers from or up to a limit. */
interface Range {
  readonly from: boolean
  readonly limit: number | bigint
  readonly included: boolean
}

function rangeOf({ test, holds }: Condition): Range | undefined {
  const { left, op, constants, modifier } = test
  if ((left.type !== 'number' && left.type !== 'time') || modifier !== undefined || isDynamic(test)) return undefined
  const operator = holds ? op.text : NEGATED[op.text]
  if (operator === undefined || NEGATED[operator] === undefined) return undefined
  return { from: operator[0] === '>', limit: constants[0] as number | bigint, included: operator[1] === '=' }
}

/** Whether no number is within all ranges. */
function emptyRange(conditions: readonly Condition[]): boolean {
  const ranges = conditions.map(rangeOf).filter((r) => r !== undefined)
  const apart = (from: Range, to: Range) =>
    from.limit > to.limit || (!(from.limit < to.limit) && !(from.included && to.included))
  return ranges.some((r) => r.from && ranges.some((o) => !o.from && apart(r, o)))
}

/** Whether no address is in one of the networks of each condition that holds, and in none of those that fail. */
function emptyNet(conditions: readonly Condition[]): boolean {
  const inside: (readonly Net[])[] = []
  const outside: Net[] = []
  for (const { test, holds } of conditions) {
    const among = holds !== (test.op.text === '!=')
    const nets = ['=', '==', '!=', 'in', 'intersects'].includes(test.op.text) ? netsOf(test) : undefined
    if (nets === undefined) continue
    if (among) inside.push(nets)
    else outside.push(...nets)
  }
  return inside.some(
    (nets, i) =>
      nets.every((net) => outside.some((o) => covers(o, net))) ||
      inside.slice(0, i).some((others) => !nets.some((net) => others.some((o) => covers(o, net) || covers(net, o)))),
  )
}

/** The networks that a test compares with, single addresses among them; undefined if it compares with anything else. */
function netsOf({ left, constants, modifier }: TestNode): readonly Net[] | undefined {
  if ((left.type !== 'ip' && left.type !== 'net') || modifier !== undefined) return undefined
  const nets = constants.map((c) => (c instanceof Net ? c : netOf(c)))
  return nets.every((n) => n !== undefined) ? nets : undefined
}

function netOf(c: unknown): Net | undefined {
  const base = typeof c === 'string' ? parseAddress(c) : undefined
  return base && new Net(base, base.length * 8)
}

function covers(a: Net, b: Net): boolean {
  if (a.base.length !== b.base.length || a.bits > b.bits) return false
  const bit = (net: Net, i: number) => ((net.base[i >> 3] as number) >> (7 - (i & 7))) & 1
  for (let i = 0; i < a.bits; i++) if (bit(a, i) !== bit(b, i)) return false
  return true
}

/** Tests of parts of a text: whether a text with the one part must have the other. */
const IMPLIES: Readonly<Record<string, (part: string, op: string, other: string) => boolean>> = {
  startswith: (part, op, other) => (op === 'startswith' && part.startsWith(other)) || contains(part, op, other),
  endswith: (part, op, other) => (op === 'endswith' && part.endsWith(other)) || contains(part, op, other),
  contains: (part, op, other) => contains(part, op, other),
}

function contains(part: string, op: string, other: string): boolean {
  return op === 'contains' && part.includes(other)
}

/** Whether two beginnings, or two ends, differ, or a text lacks what it must have. */
function clashingTexts(conditions: readonly Condition[]): boolean {
  const parts = conditions.filter(({ test: { op, constants, modifier } }) => {
    return op.text in IMPLIES && typeof constants[0] === 'string' && modifier === undefined
  })
  return parts.some((a) => a.holds && parts.some((b) => clash(a.test, b)))
}

function clash(a: TestNode, { test, holds }: Condition): boolean {
  const [op, other] = [a.op.text, test.op.text]
  const [x, y] = [a.constants[0] as string, test.constants[0] as string]
  if (!holds) return IMPLIES[op]?.(x, other, y) === true
  if (op !== other) return false
  if (op === 'startswith') return !x.startsWith(y) && !y.startsWith(x)
  return op === 'endswith' && !x.endsWith(y) && !y.endsWith(x)
}
