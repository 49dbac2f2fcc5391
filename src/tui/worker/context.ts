// What a capture gives to fields, and what its damage is told as.
import type { FieldContext } from '../../fields/field.js'
import type { CaptureInfo, CaptureSource } from '../../source/source.js'
import type { State } from '../../state/state.js'
import type { Report } from './messages.js'

/** What getters may use, for one capture. */
export function contextOf(info: CaptureInfo, state: State, first?: FieldContext['first']): FieldContext {
  return {
    info,
    state,
    ...(first === undefined ? {} : { first }),
    format: { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 },
  }
}

/** Tells the UI about damage in an input. */
export function tellDamage(source: CaptureSource, post: (r: Report) => void): void {
  for (const d of source.damage) post({ kind: 'note', text: `damaged: ${d.what}`, damage: true })
}
