// Creates the context in which fields are evaluated.
import type { FieldContext } from '../fields/field.js'
import { firedRules } from '../rules/fired.js'
import type { Rule } from '../rules/rule.js'
import type { CaptureInfo } from '../source/source.js'
import type { State } from '../state/state.js'

/** How a run formats fields, and the rules that fields of alerts refer to. */
export interface RunStyle {
  readonly format: FieldContext['format']
  readonly rules?: RunRules | undefined
}

export interface RunRules {
  /** the enabled rules */
  readonly all: readonly Rule[]
  /** data that programs transferred is masked in the texts of alerts */
  readonly masked: boolean
}

/** The context for fields. first: receives the batch time (ns) of the first event. */
export function contextOf(
  { format, rules }: RunStyle,
  info: CaptureInfo,
  states: readonly State[],
  first?: FieldContext['first'],
): FieldContext {
  const ctx: FieldContext = { info, states, ...(first && { first }), format }
  if (rules === undefined) return ctx
  return {
    ...ctx,
    rules: firedRules(rules.all, ctx, rules.masked ? { ...ctx, format: { ...format, buffer: 'masked' } } : ctx),
  }
}
