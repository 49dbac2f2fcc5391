// Which types of events a rule can fire for, and rules that never fire where the first one that matches is the only one.
import { TypeKeys } from '../../filter/bytype.js'
import { CODES } from '../../filter/events.js'
import { FoldByType } from '../../filter/fold-by-type.js'
import { Interner } from '../../filter/intern.js'
import { eachTest, type Node, type TestNode } from '../../filter/typed.js'
import type { Rule } from '../rule.js'
import type { CheckedRules } from './checked.js'
import { type RuleAt, rulesAt } from './conditions-at.js'

/** By event code, what is left of the rules for it; codes that no rule is about are missing. */
export type RulesByCode = ReadonlyMap<number, readonly RuleAt[]>

export function rulesByCode({ conditions }: CheckedRules): RulesByCode {
  const interner = new Interner()
  const interned = conditions.map((n) => interner.node(n))
  const byType = new FoldByType(interner, () => true)
  const types = new TypeKeys(testsOf(interned))
  const known = new Map<string, readonly RuleAt[]>()
  const found = new Map<number, readonly RuleAt[]>()
  for (const code of CODES) {
    const key = types.key(code)
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

/** The codes of the types that each rule can fire for, in the order of the rules. */
export function codesOfRules({ rules }: CheckedRules, by: RulesByCode): readonly (readonly number[])[] {
  const codes: number[][] = rules.map(() => [])
  for (const [code, at] of by) for (const { index } of at) codes[index]?.push(code)
  return codes
}

export interface Shadowed {
  readonly rule: Rule
  /** those before it, of which one always fires where this one would */
  readonly by: readonly Rule[]
}

/** Rules that never fire where one rule fires for an event: whatever fulfils them fulfils one before them. */
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

/** For each rule of one type, one before it that asks no more; undefined: there is none. */
function shadowsAt(rules: readonly RuleAt[]): Map<RuleAt, RuleAt | undefined> {
  const times = new Map<Node, number>()
  for (const { all } of rules) for (const n of all) times.set(n, (times.get(n) ?? 0) + 1)
  const rarest = ({ all }: RuleAt) =>
    all.reduce<Node | undefined>(
      (a, b) => (a !== undefined && (times.get(a) as number) <= (times.get(b) as number) ? a : b),
      undefined,
    )
  // a rule can only shadow those that ask what it asks most seldom
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
