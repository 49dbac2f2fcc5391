// How the UI prints fields, and how it reports damaged input and errors.
import { type FieldContext, PLAIN } from '../../fields/field.js'
import type { RunRules, RunStyle } from '../../run/context.js'
import type { CaptureSource } from '../../source/source.js'
import type { DataStyle, Report } from './messages.js'

/** How the UI prints fields. rules: evaluated for each event. */
export const styleWith = (rules: RunRules | undefined): RunStyle => ({ format: PLAIN, rules })

const BUFFERS = { text: 'dots', printable: 'dots', hex: 'hexLine', masked: 'masked' } as const

/** The same context, with data in arguments printed in a style. */
export function withData(ctx: FieldContext, style: DataStyle): FieldContext {
  return { ...ctx, format: { ...ctx.format, buffer: BUFFERS[style] } }
}

/** Reports damage of an input to the UI. */
export function reportDamage(source: CaptureSource, post: (r: Report) => void): void {
  for (const d of source.damage) post({ kind: 'note', text: `damaged: ${d.what}`, damage: true })
}

/** The message of an error. */
export function messageOf(e: unknown): string {
  return e instanceof Error ? e.message : String(e)
}
