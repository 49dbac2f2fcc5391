// The values of rule fields (rule.*): which rules an event fires, evaluated once per event, and the text of the alert.
import { type FieldContext, type FiredRule, type FiredRules, stateOf } from '../fields/field.js'
import type { EventBatch } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { CODE } from '../schema/codes.js'
import type { EventDef } from '../schema/types.js'
import type { State } from '../state/state.js'
import { type AlertMaker, alertMaker } from './alerts/maker.js'
import { compileRules, type RulesEngine } from './engine/engine.js'
import { PRIORITIES, type Rule } from './rule.js'
import { checkedRules } from './rule-fields.js'

/** Alert options where none can be chosen. */
const DEFAULT_ALERT = { isoTime: false, appendOutput: [], suggested: false, bufferBase64: false } as const

const NONE: readonly FiredRule[] = []

/** The rules engine for the events of one host. */
interface HostRules {
  readonly engine: RulesEngine
  /** definitions of these events */
  readonly defs: readonly (EventDef | undefined)[]
}

/**
 * Finds the rules that events of a capture fire. rules: enabled ones. texts: the context for alert texts, if they show data differently.
 * Nothing is compiled before the first event is evaluated.
 */
export function firedRules(rules: readonly Rule[], ctx: FieldContext, texts: FieldContext = ctx): FiredRules {
  return new Fired(rules, ctx, texts)
}

class Fired implements FiredRules {
  private readonly byHost = new WeakMap<State, HostRules>()
  private readonly firedRules: ReadonlyMap<Rule, FiredRule>
  private maker: AlertMaker | undefined
  /** rules that the last evaluated event fires */
  private readonly hits: Rule[] = []
  private fired = NONE
  /** identifies that event, as the cursor and batches are reused */
  private batch: EventBatch | undefined
  private row = 0
  private num = 0
  private time = 0

  constructor(
    private readonly rules: readonly Rule[],
    private readonly ctx: FieldContext,
    private readonly texts: FieldContext,
  ) {
    this.firedRules = new Map(rules.map((rule) => [rule, firedRuleOf(rule)]))
  }

  at(e: Event): readonly FiredRule[] {
    if (!this.isKnown(e)) this.evaluate(e)
    return this.fired
  }

  output(e: Event): string | undefined {
    if (!this.isKnown(e)) this.evaluate(e)
    const [first] = this.hits
    if (first === undefined) return undefined
    this.maker ??= alertMaker(this.rules, this.texts, DEFAULT_ALERT)
    return this.maker.make(first, e).text
  }

  private isKnown(e: Event): boolean {
    return this.batch === e.batch && this.row === e.row && this.num === e.num && this.time === e.time
  }

  private evaluate(e: Event): void {
    const { hits } = this
    hits.length = 0
    this.batch = e.batch
    this.row = e.row
    this.num = e.num
    this.time = e.time
    // ks_times reports thread times: no rule applies to it
    if (e.type !== CODE.ks_times) this.hostRules(e).engine.evaluate(e)
    this.fired = hits.length === 0 ? NONE : hits.map((rule) => this.firedRules.get(rule) as FiredRule)
  }

  private hostRules(e: Event): HostRules {
    const { ctx, byHost } = this
    const state = stateOf(ctx, e)
    const { defs } = e
    const known = byHost.get(state)
    if (known?.defs === defs) return known
    const fired = (rule: Rule) => this.hits.push(rule)
    const engine = compileRules(checkedRules(this.rules), ctx, { matching: 'all', defs, fired })
    const compiled = { engine, defs }
    byHost.set(state, compiled)
    return compiled
  }
}

function firedRuleOf({ name, source, priority, tags }: Rule): FiredRule {
  return { name, source, priority, severity: PRIORITIES.indexOf(priority), tags }
}
