// What a capture gives to fields, and what its damage is told as.
import { type FieldContext, PLAIN } from '../../fields/field.js'
import type { RunRules, RunStyle } from '../../run/context.js'
import type { CaptureSource } from '../../source/source.js'
import type { DataStyle, Report } from './messages.js'

/** How the UI shows fields. rules: those that events are judged by. */
export const styleWith = (rules: RunRules | undefined): RunStyle => ({ format: PLAIN, rules })

const BUFFERS = { text: 'dots', printable: 'dots', hex: 'hexLine', masked: 'masked' } as const

/** The same, with data among arguments in a style. */
export function withData(ctx: FieldContext, style: DataStyle): FieldContext {
  return { ...ctx, format: { ...ctx.format, buffer: BUFFERS[style] } }
}

/** Tells the UI about damage in an input. */
export function reportDamage(source: CaptureSource, post: (r: Report) => void): void {
  for (const d of source.damage) post({ kind: 'note', text: `damaged: ${d.what}`, damage: true })
}

/** What is said of an error. */
export function messageOf(e: unknown): string {
  return e instanceof Error ? e.message : String(e)
}
