// The conditions of all rules, reduced to events of one type, in two parts: conditions that several rules share or that test the same
// field, and the remaining conditions of each rule.
import { FALSE } from '../../filter/bytype.js'
import type { FoldByType } from '../../filter/fold-by-type.js'
import { type Interner, valueKey } from '../../filter/intern.js'
import { isEnter } from '../../filter/planners/kernel-plan.js'
import { eachTest, type Node } from '../../filter/typed.js'
import type { Estimates } from './estimates.js'
import { type FieldConditions, testedField } from './rules-by-value.js'

/** Conditions on one field, or rules with the same condition, from which on these are evaluated for all rules at once. */
const MIN_SHARED = 3
/** Cost for each excluded rule above which a condition is not shared, but evaluated for each rule that is left. */
const MAX_PRICE = 16

/** A rule for one event type: its index among the rules, and the conditions that must all hold; none: the type alone decides. */
export interface RuleAt {
  readonly index: number
  readonly all: readonly Node[]
}

/** The rules that events of a type can fire; starts of calls fire only rules that test evt.dir. conditions: interned, of all rules. */
export function rulesAt(conditions: readonly Node[], code: number, by: FoldByType, interner: Interner): RuleAt[] {
  const found: RuleAt[] = []
  conditions.forEach((condition, index) => {
    const folded = by.fold(condition, code)
    if (folded === FALSE || (isEnter(code) && !testsDirection(condition))) return
    const all = new Set<Node>()
    if (typeof folded !== 'number') addConjuncts(folded, interner, all)
    found.push({ index, all: [...all] })
  })
  return found
}

/** The starts of calls are events only for rules that test evt.dir; for all others a call is one event, at its end. */
function testsDirection(condition: Node): boolean {
  let found = false
  eachTest(condition, ({ left }) => {
    found ||= left.kind === 'field' && left.use.name === 'evt.dir'
  })
  return found
}

function addConjuncts(n: Node, interner: Interner, to: Set<Node>): void {
  if (n.kind === 'and') for (const item of n.items) addConjuncts(item, interner, to)
  else if (n.kind === 'not' && n.item.kind === 'or')
    for (const item of n.item.items) addConjuncts(interner.not(item), interner, to)
  else to.add(n)
}

/** A condition that several rules have. */
export interface SharedCondition {
  readonly condition: Node
  /** positions of the rules */
  readonly places: readonly number[]
}

export interface TypePlan {
  /** evaluated for several rules at once; the lowest cost for each excluded rule comes first */
  readonly common: readonly (FieldConditions | SharedCondition)[]
  /** by the position of a rule, its remaining conditions, the lowest cost for excluding it first */
  readonly remaining: readonly (readonly Node[])[]
}

/** The plan for the rules of a type. alone: a condition that must not be combined with others on its field. */
export function typePlan(rules: readonly RuleAt[], estimates: Estimates, alone: Node | undefined): TypePlan {
  const keyOf = (n: Node): string | Node => {
    const field = n === alone ? undefined : testedField(n)
    return field === undefined ? n : valueKey(field)
  }
  const byKey = new Map<string | Node, Map<number, Node[]>>()
  rules.forEach(({ all }, place) => {
    for (const n of all) {
      const places = byKey.get(keyOf(n)) ?? new Map<number, Node[]>()
      byKey.set(keyOf(n), places.set(place, [...(places.get(place) ?? []), n]))
    }
  })
  const first = new Map<string | Node, { step: FieldConditions | SharedCondition; price: number }>()
  for (const [key, places] of byKey) {
    const [n] = places.values().next().value as [Node]
    const field = key === n ? undefined : testedField(n)
    const step = field === undefined ? { condition: n, places: [...places.keys()] } : { field, conditions: places }
    const cost = field === undefined ? estimates.cost(n) : estimates.lookUp(field)
    const price = cost / refusals(places, estimates)
    if (price <= MAX_PRICE && [...places.values()].flat().length >= MIN_SHARED) first.set(key, { step, price })
  }
  return {
    common: [...first.values()].sort((a, b) => a.price - b.price).map(({ step }) => step),
    remaining: rules.map(({ all }) =>
      all.filter((n) => !first.has(keyOf(n))).sort((a, b) => estimates.price(a) - estimates.price(b)),
    ),
  }
}

/** Estimated number of rules excluded for an event. */
function refusals(conditions: ReadonlyMap<number, readonly Node[]>, estimates: Estimates): number {
  let refused = 0
  for (const nodes of conditions.values()) refused += 1 - nodes.reduce((holds, n) => holds * estimates.holds(n), 1)
  return Math.max(refused, 1e-3)
}
