// What is left of all rules for events of one type, in parts: what several of them ask of one field's value, or the very same, and for each
// rule what remains.
import { FALSE } from '../../filter/bytype.js'
import type { FoldByType } from '../../filter/fold-by-type.js'
import { type Interner, valueKey } from '../../filter/intern.js'
import type { Node } from '../../filter/typed.js'
import type { Estimates } from './estimates.js'
import { type FieldConditions, testedField } from './rules-by-value.js'

/** Questions of the rules about one field, or times that they ask the same, from which on that is asked for all rules at once. */
const MIN_SHARED = 3
/** Cost for each rule that is refused from which on it is asked last, of the rules that are left. */
const MAX_PRICE = 16

/** A rule at a type: its place among the rules, and what all has to hold; nothing: the type alone decides. */
export interface RuleAt {
  readonly index: number
  readonly all: readonly Node[]
}

/** The rules that events of a type can fire. conditions: interned. */
export function rulesAt(conditions: readonly Node[], code: number, by: FoldByType, interner: Interner): RuleAt[] {
  const found: RuleAt[] = []
  conditions.forEach((condition, index) => {
    const folded = by.fold(condition, code)
    if (folded === FALSE) return
    const all = new Set<Node>()
    if (typeof folded !== 'number') addConjuncts(folded, interner, all)
    found.push({ index, all: [...all] })
  })
  return found
}

function addConjuncts(n: Node, interner: Interner, to: Set<Node>): void {
  if (n.kind === 'and') for (const item of n.items) addConjuncts(item, interner, to)
  else if (n.kind === 'not' && n.item.kind === 'or')
    for (const item of n.item.items) addConjuncts(interner.not(item), interner, to)
  else to.add(n)
}

/** A condition of several rules. */
export interface SharedCondition {
  readonly condition: Node
  /** places of the rules */
  readonly places: readonly number[]
}

export interface TypePlan {
  /** what several rules ask; what refuses many of them for little comes first */
  readonly common: readonly (FieldConditions | SharedCondition)[]
  /** by the place of a rule, what remains, the cheapest refusal first */
  readonly remaining: readonly (readonly Node[])[]
}

/** The parts of the rules of a type. alone: a condition that is asked by itself. */
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

/** How many rules are refused, of all events. */
function refusals(conditions: ReadonlyMap<number, readonly Node[]>, estimates: Estimates): number {
  let refused = 0
  for (const nodes of conditions.values()) refused += 1 - nodes.reduce((holds, n) => holds * estimates.holds(n), 1)
  return Math.max(refused, 1e-3)
}
