// What fields tell of rules (rule.*): which of them an event fires, found once for each event, and the alert about it.
import { type FieldContext, stateOf } from '../fields/field.js'
import type { FiredRule, FiredRules } from '../fields/fired-rules.js'
import type { EventBatch } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { CODE } from '../schema/codes.js'
import type { EventDef } from '../schema/types.js'
import type { State } from '../state/state.js'
import { type AlertMaker, alertMaker } from './alerts/maker.js'
import { checkedRules } from './asked.js'
import { compileRules, type RulesEngine } from './engine/engine.js'
import { PRIORITIES, type Rule } from './rule.js'

/** Alerts as they are printed where nobody says how. */
const USUAL = { isoTime: false, appendOutput: [], suggested: false, bufferBase64: false } as const

const NONE: readonly FiredRule[] = []

/** What judges the events of one host. */
interface Judging {
  readonly engine: RulesEngine
  /** definitions of these events */
  readonly defs: readonly (EventDef | undefined)[]
}

/**
 * What tells which rules events fire, of a capture. rules: enabled ones; texts: what the texts of alerts are made with, where data are
 * shown otherwise there. Nothing is compiled before the first event is asked about.
 */
export function firedRules(rules: readonly Rule[], ctx: FieldContext, texts: FieldContext = ctx): FiredRules {
  return new Fired(rules, ctx, texts)
}

class Fired implements FiredRules {
  private readonly judgings = new WeakMap<State, Judging>()
  private readonly told: ReadonlyMap<Rule, FiredRule>
  private maker: AlertMaker | undefined
  /** those that the event fires which was asked about last */
  private readonly hits: Rule[] = []
  private fired = NONE
  /** that event: the cursor is reused, and so are batches */
  private batch: EventBatch | undefined
  private row = 0
  private num = 0
  private time = 0

  constructor(
    private readonly rules: readonly Rule[],
    private readonly ctx: FieldContext,
    private readonly texts: FieldContext,
  ) {
    this.told = new Map(rules.map((rule) => [rule, toldOf(rule)]))
  }

  at(e: Event): readonly FiredRule[] {
    if (!this.isKnown(e)) this.judge(e)
    return this.fired
  }

  output(e: Event): string | undefined {
    if (!this.isKnown(e)) this.judge(e)
    const [first] = this.hits
    if (first === undefined) return undefined
    this.maker ??= alertMaker(this.rules, this.texts, USUAL)
    return this.maker.make(first, e).text
  }

  private isKnown(e: Event): boolean {
    return this.batch === e.batch && this.row === e.row && this.num === e.num && this.time === e.time
  }

  private judge(e: Event): void {
    const { hits } = this
    hits.length = 0
    this.batch = e.batch
    this.row = e.row
    this.num = e.num
    this.time = e.time
    // a report about threads is no event that rules are about
    if (e.type !== CODE.ks_times) this.judgingOf(e).engine.judge(e)
    this.fired = hits.length === 0 ? NONE : hits.map((rule) => this.told.get(rule) as FiredRule)
  }

  private judgingOf(e: Event): Judging {
    const { ctx, judgings } = this
    const state = stateOf(ctx, e)
    const { defs } = e
    const known = judgings.get(state)
    if (known?.defs === defs) return known
    const fired = (rule: Rule) => this.hits.push(rule)
    const engine = compileRules(checkedRules(this.rules), ctx, { matching: 'all', defs, fired })
    const made = { engine, defs }
    judgings.set(state, made)
    return made
  }
}

function toldOf({ name, source, priority, tags }: Rule): FiredRule {
  return { name, source, priority, severity: PRIORITIES.indexOf(priority), tags }
}
