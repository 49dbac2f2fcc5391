// Evaluates all rules for each event at once. When the first event of a type arrives, a function is generated from the conditions that
// remain for that type; types that no rule can match cost one look-up.
import type { FieldContext } from '../../fields/field.js'
import { isCached } from '../../filter/cost.js'
import { FoldByType } from '../../filter/fold-by-type.js'
import { Interner } from '../../filter/intern.js'
import { adaptNode } from '../../filter/older-names.js'
import type { Node } from '../../filter/typed.js'
import { type Event, SIDE } from '../../model/event.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import { EVENTS } from '../../schema/events/index.js'
import type { EventDef } from '../../schema/types.js'
import type { Rule } from '../rule.js'
import type { CheckedRules } from './checked.js'
import { type RuleAt, rulesAt, typePlan } from './conditions-at.js'
import { Estimates } from './estimates.js'
import { SharedParts } from './shared-parts.js'
import { type Evaluate, type Matching, TypeEmitter } from './type-emitter.js'

interface EngineOptions {
  /** which of the matching rules fire */
  readonly matching: Matching
  /** definitions by event code, if the capture has its own (CaptureSource.tables) */
  readonly defs?: readonly (EventDef | undefined)[] | undefined
  /** Called for each rule that fires, in rule order, while the cursor is at the event. */
  readonly fired: (rule: Rule, e: Event) => void
}

interface RuleCounts {
  /** events of types that the rule can match */
  readonly seen: number
  /** times the rule fired */
  readonly fired: number
}

/** For a type that no rule can match. */
const NO_RULES: Evaluate = () => -1

export class RulesEngine {
  private readonly conditions: readonly Node[]
  private readonly interner = new Interner()
  private readonly byType: FoldByType
  private readonly parts: SharedParts
  private readonly evaluators: (Evaluate | undefined)[] = new Array(CODE_LIMIT).fill(undefined)
  /** evaluated events, by code */
  private readonly evaluated = new Float64Array(CODE_LIMIT)
  private readonly timesFired: Float64Array
  private readonly hits: number[] = []

  constructor(
    private readonly checked: CheckedRules,
    private readonly ctx: FieldContext,
    private readonly options: EngineOptions,
  ) {
    const { defs } = options
    this.conditions = checked.conditions.map((n) => this.interner.node(adaptNode(n, ctx.info.has)))
    this.byType = new FoldByType(this.interner, (code) => defs === undefined || defs[code] === EVENTS[code])
    this.parts = new SharedParts(ctx)
    this.timesFired = new Float64Array(checked.rules.length)
  }

  /** Calls options.fired for the rules that the event under the cursor fires. The event's thread and descriptor must be set. */
  evaluate(e: Event): void {
    const code = e.type
    const run = this.evaluators[code] ?? this.prepare(code)
    if (run === NO_RULES) return
    this.evaluated[code]!++
    if (e.sides !== SIDE.NONE) {
      this.evaluateSides(run, e)
      return
    }
    const { hits } = this
    const only = run(e, hits)
    if (only >= 0) this.fire(only, e)
    if (hits.length === 0) return
    for (const index of hits) this.fire(index, e)
    hits.length = 0
  }

  /** A call on two descriptors fires a rule once, from the first side that matches. */
  private evaluateSides(run: Evaluate, e: Event): void {
    const { sides } = e
    const before = e.reading ? SIDE.READ : SIDE.WRITE
    const fired = new Map<number, number>()
    for (let side = SIDE.WRITE as number; side <= SIDE.READ; side++) {
      if ((sides & side) === 0) continue
      e.look(side)
      const only = run(e, this.hits)
      for (const index of only >= 0 ? [only] : this.hits) if (!fired.has(index)) fired.set(index, side)
      this.hits.length = 0
    }
    const all = [...fired].sort(([a], [b]) => a - b)
    for (const [index, side] of this.options.matching === 'all' ? all : all.slice(0, 1)) {
      e.look(side)
      this.fire(index, e)
    }
    e.look(before)
  }

  /** How often each rule was evaluated and fired, in rule order. */
  counts(): RuleCounts[] {
    const seen = new Float64Array(this.checked.rules.length)
    this.evaluated.forEach((times, code) => {
      if (times > 0) for (const { index } of this.rulesOf(code)) seen[index]! += times
    })
    return Array.from(seen, (times, index) => ({ seen: times, fired: this.timesFired[index] as number }))
  }

  private fire(index: number, e: Event): void {
    this.timesFired[index]!++
    this.options.fired(this.checked.rules[index] as Rule, e)
  }

  private rulesOf(code: number): RuleAt[] {
    return rulesAt(this.conditions, code, this.byType, this.interner)
  }

  private prepare(code: number): Evaluate {
    const { rules, remembered } = rememberingFds(this.upToCertain(this.rulesOf(code)), this.interner)
    const evaluator = rules.length === 0 ? NO_RULES : this.evaluatorOf(rules, remembered)
    this.evaluators[code] = evaluator
    return evaluator
  }

  private evaluatorOf(rules: readonly RuleAt[], remembered: Node | undefined): Evaluate {
    const { ctx, parts, options } = this
    const estimates = new Estimates(rules.flatMap((r) => r.all))
    const plan = typePlan(rules, estimates, remembered)
    return new TypeEmitter(ctx, parts, rules, plan, options.matching, estimates, remembered).compile()
  }

  /** If only the first matching rule fires, rules after one that every event of the type matches never fire. */
  private upToCertain(rules: RuleAt[]): RuleAt[] {
    if (this.options.matching === 'all') return rules
    const certain = rules.findIndex((r) => r.all.length === 0)
    return certain < 0 ? rules : rules.slice(0, certain + 1)
  }
}

/**
 * If only one rule has conditions that depend on the descriptor alone, these are joined into one condition, whose result is cached on
 * each descriptor. Several rules would overwrite each other's result, as a descriptor caches one.
 */
function rememberingFds(rules: RuleAt[], interner: Interner): { rules: RuleAt[]; remembered: Node | undefined } {
  const withRemembered = rules.filter((r) => r.all.some(isCached))
  const [rule] = withRemembered
  if (rule === undefined || withRemembered.length > 1) return { rules, remembered: undefined }
  const onFd = rule.all.filter(isCached)
  const remembered = interner.join('and', onFd)
  const all = [...rule.all.filter((n) => !onFd.includes(n)), remembered]
  return { rules: rules.map((r) => (r === rule ? { ...rule, all } : r)), remembered }
}

/** Creates the engine for one capture. */
export function compileRules(checked: CheckedRules, ctx: FieldContext, options: EngineOptions): RulesEngine {
  return new RulesEngine(checked, ctx, options)
}
