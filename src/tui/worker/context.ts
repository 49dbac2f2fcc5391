// What a capture gives to fields, and what its damage is told as.
import { type FieldContext, PLAIN } from '../../fields/field.js'
import { firedRules } from '../../rules/fired.js'
import type { CaptureInfo, CaptureSource } from '../../source/source.js'
import type { State } from '../../state/state.js'
import type { DataStyle, GivenRules, Report } from './messages.js'

/** What getters may use, for one capture. rules: that events are asked. */
export function contextOf(
  info: CaptureInfo,
  states: readonly State[],
  first: FieldContext['first'],
  rules: GivenRules | undefined,
): FieldContext {
  const ctx: FieldContext = {
    info,
    states,
    ...(first === undefined ? {} : { first }),
    format: PLAIN,
  }
  if (rules === undefined) return ctx
  return { ...ctx, rules: firedRules(rules.all, ctx, rules.masked ? withData(ctx, 'masked') : ctx) }
}

const BUFFERS = { text: 'dots', printable: 'dots', hex: 'hexLine', masked: 'masked' } as const

/** The same, with data among arguments in a style. */
export function withData(ctx: FieldContext, style: DataStyle): FieldContext {
  return { ...ctx, format: { ...ctx.format, buffer: BUFFERS[style] } }
}

/** Tells the UI about damage in an input. */
export function tellDamage(source: CaptureSource, post: (r: Report) => void): void {
  for (const d of source.damage) post({ kind: 'note', text: `damaged: ${d.what}`, damage: true })
}

/** What is said of an error. */
export function messageOf(e: unknown): string {
  return e instanceof Error ? e.message : String(e)
}
