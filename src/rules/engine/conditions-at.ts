// What is left of all rules for events of one type, ordered so that what several of them ask comes first and is asked once: a tree
// whose branches are conditions, with the rules that they lead to.
import { FALSE } from '../../filter/bytype.js'
import type { FoldByType } from '../../filter/fold-by-type.js'
import type { Interner } from '../../filter/intern.js'
import type { Node } from '../../filter/typed.js'
import type { Estimates } from './estimates.js'

/** A rule at a type: its place among the rules, and what all has to hold; nothing: the type alone decides. */
export interface RuleAt {
  readonly index: number
  readonly all: readonly Node[]
}

export interface Branch {
  /** places of the rules for which nothing more has to hold */
  readonly rules: number[]
  /** by what has to hold */
  readonly below: Map<Node, Branch>
}

/** The rules that events of a type can fire. conditions: interned. */
export function rulesAt(conditions: readonly Node[], code: number, by: FoldByType, interner: Interner): RuleAt[] {
  const found: RuleAt[] = []
  conditions.forEach((condition, index) => {
    const left = by.fold(condition, code)
    if (left === FALSE) return
    const all = new Set<Node>()
    if (typeof left !== 'number') addConjuncts(left, interner, all)
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

/**
 * The tree of these rules: what refuses many of them for little comes first. A condition costs the less the more of the rules ask
 * it.
 */
export function treeOf(rules: readonly RuleAt[], estimates: Estimates): Branch {
  const asked = new Map<Node, number>()
  for (const { all } of rules) for (const n of all) asked.set(n, (asked.get(n) ?? 0) + 1)
  const places = new Map(
    [...asked]
      .map(([n, times]) => [n, estimates.price(n) / times] as const)
      .sort((a, b) => a[1] - b[1])
      .map(([n], place) => [n, place] as const),
  )
  const place = (n: Node) => places.get(n) as number
  const root = branch()
  for (const { index, all } of rules) {
    let at = root
    for (const n of [...all].sort((a, b) => place(a) - place(b))) {
      let next = at.below.get(n)
      if (next === undefined) {
        next = branch()
        at.below.set(n, next)
      }
      at = next
    }
    at.rules.push(index)
  }
  return root
}

const branch = (): Branch => ({ rules: [], below: new Map() })
