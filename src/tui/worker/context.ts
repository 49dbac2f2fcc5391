// What a capture gives to fields, and what its damage is told as.
import type { FieldContext } from '../../fields/field.js'
import { firedRules } from '../../rules/fired.js'
import type { CaptureSource } from '../../source/source.js'
import { type Hosts, onHost } from '../../state/hosts.js'
import type { State } from '../../state/state.js'
import type { DataStyle, GivenRules, Report } from './messages.js'

/** What getters may use, for one capture; of several hosts, at any moment that of the current one. rules: that events are asked. */
export function contextOf(
  given: State | Hosts,
  first: FieldContext['first'],
  rules: GivenRules | undefined,
): FieldContext {
  const properties = {
    ...(first === undefined ? {} : { first }),
    format: { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 },
  } as const
  if (rules === undefined) return onHost(given, properties)
  const asking = onHost(given, properties)
  const texts = rules.masked ? withData(asking, 'masked') : asking
  return onHost(given, { ...properties, rules: firedRules(rules.all, asking, texts) })
}

const BUFFERS = { text: 'dots', printable: 'dots', hex: 'hexLine', masked: 'masked' } as const

/** The same, with data among arguments in a style. */
export function withData(ctx: FieldContext, style: DataStyle): FieldContext {
  // what it has of several hosts changes from event to event
  return Object.create(ctx, { format: { value: { ...ctx.format, buffer: BUFFERS[style] } } })
}

/** Tells the UI about damage in an input. */
export function tellDamage(source: CaptureSource, post: (r: Report) => void): void {
  for (const d of source.damage) post({ kind: 'note', text: `damaged: ${d.what}`, damage: true })
}

/** What is said of an error. */
export function messageOf(e: unknown): string {
  return e instanceof Error ? e.message : String(e)
}
