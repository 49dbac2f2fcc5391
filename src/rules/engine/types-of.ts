// Which event types a rule can fire for, and which rules never fire if only the first matching rule fires.
import { TypeKeys } from '../../filter/bytype.js'
import { CODES } from '../../filter/events.js'
import { FoldByType } from '../../filter/fold-by-type.js'
import { Interner } from '../../filter/intern.js'
import { isEnter } from '../../filter/planners/kernel-plan.js'
import { eachTest, type Node, type TestNode } from '../../filter/typed.js'
import type { Rule } from '../rule.js'
import type { CheckedRules } from './checked.js'
import { type RuleAt, rulesAt } from './conditions-at.js'

/** By event code, the rules that can match it, with their remaining conditions; codes that no rule can match are missing. */
export type RulesByCode = ReadonlyMap<number, readonly RuleAt[]>

export function rulesByCode({ conditions }: CheckedRules): RulesByCode {
  const interner = new Interner()
  const interned = conditions.map((n) => interner.node(n))
  const byType = new FoldByType(interner, () => true)
  const types = new TypeKeys(testsOf(interned))
  const known = new Map<string, readonly RuleAt[]>()
  const found = new Map<number, readonly RuleAt[]>()
  for (const code of CODES) {
    // rules without evt.dir tell starts of calls apart, too
    const key = `${isEnter(code)} ${types.key(code)}`
    const rules = known.get(key) ?? rulesAt(interned, code, byType, interner)
    known.set(key, rules)
    if (rules.length > 0) found.set(code, rules)
  }
  return found
}

function testsOf(conditions: readonly Node[]): Set<TestNode> {
  const tests = new Set<TestNode>()
  for (const n of conditions) eachTest(n, (test) => tests.add(test))
  return tests
}

/** For each rule, in order, the codes of the types it can fire for. */
export function codesOfRules({ rules }: CheckedRules, by: RulesByCode): readonly (readonly number[])[] {
  const codes: number[][] = rules.map(() => [])
  for (const [code, at] of by) for (const { index } of at) codes[index]?.push(code)
  return codes
}

export interface Shadowed {
  readonly rule: Rule
  /** earlier rules: one of these always fires when this one would */
  readonly by: readonly Rule[]
}

/** Rules that never fire if only the first matching rule fires: every event that matches them matches an earlier rule. */
export function shadowedRules({ rules }: CheckedRules, by: RulesByCode): Shadowed[] {
  const shadows = new Map<number, Set<number>>()
  const free = new Set<number>()
  for (const at of by.values())
    for (const [{ index }, shadow] of shadowsAt(at)) {
      if (shadow === undefined) free.add(index)
      else shadows.set(index, (shadows.get(index) ?? new Set()).add(shadow.index))
    }
  return [...shadows]
    .filter(([index]) => !free.has(index))
    .sort(([a], [b]) => a - b)
    .map(([index, some]) => ({
      rule: rules[index] as Rule,
      by: [...some].sort((a, b) => a - b).map((i) => rules[i] as Rule),
    }))
}

/** For each rule of one type, an earlier one whose conditions are a subset of its own; undefined: there is none. */
function shadowsAt(rules: readonly RuleAt[]): Map<RuleAt, RuleAt | undefined> {
  const times = new Map<Node, number>()
  for (const { all } of rules) for (const n of all) times.set(n, (times.get(n) ?? 0) + 1)
  const rarest = ({ all }: RuleAt) =>
    all.reduce<Node | undefined>(
      (a, b) => (a !== undefined && (times.get(a) as number) <= (times.get(b) as number) ? a : b),
      undefined,
    )
  // a rule can only shadow rules that have its rarest condition
  const before = new Map<Node | undefined, RuleAt[]>()
  const found = new Map<RuleAt, RuleAt | undefined>()
  for (const rule of rules) {
    const conditions = new Set(rule.all)
    const candidates = [undefined, ...rule.all].flatMap((n) => before.get(n) ?? [])
    found.set(
      rule,
      candidates.find(({ all }) => all.every((n) => conditions.has(n))),
    )
    const key = rarest(rule)
    const known = before.get(key)
    if (known === undefined) before.set(key, [rule])
    else known.push(rule)
  }
  return found
}
