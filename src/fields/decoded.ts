// Fields of what a protocol says in the data that processes exchange: decoded when somebody asks.
import type { Event } from '../model/event.js'
import type { State } from '../state/state.js'
import { type FieldContext, type FieldDef, type FieldType, type FieldValue, field, stateOf } from './field.js'

/** What decodes a protocol; `at`: what an event says in it, if anything. */
export interface Watch<S> {
  at(e: Event): S | undefined
}

/** One watch for each host of a capture, which all fields share: that of an event's host. */
export function watchOf<W>(make: () => W): (ctx: FieldContext, e: Event) => W {
  const watches = new WeakMap<State, W>()
  return (ctx, e) => {
    const state = stateOf(ctx, e)
    let watch = watches.get(state)
    if (watch === undefined) {
      watch = make()
      watches.set(state, watch)
    }
    return watch
  }
}

/** What makes the fields of a protocol. */
export function decodedBy<S>(of: (ctx: FieldContext, e: Event) => Watch<S>) {
  return <T extends FieldValue>(type: FieldType, doc: string, get: (said: S) => T | undefined): FieldDef<T> =>
    field<T>({
      type,
      doc,
      cost: 64,
      needs: ['buffers'],
      make: (ctx) => (e) => {
        const said = of(ctx, e).at(e)
        return said && get(said)
      },
    })
}
