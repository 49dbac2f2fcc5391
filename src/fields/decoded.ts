// Fields of a protocol in the data that processes exchange. The data is decoded only if such a field is evaluated.
import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { serverIp, serverPort } from '../state/socket-sides.js'
import type { State } from '../state/state.js'
import { type FieldContext, type FieldDef, type FieldType, type FieldValue, field, stateOf } from './field.js'

/** A protocol decoder; `at` returns the protocol activity of an event, if any. */
interface Decoder<S> {
  at(e: Event): S | undefined
}

/** One decoder per host of a capture, shared by all fields: that of an event. */
export function decoderPerHost<W>(make: () => W): (ctx: FieldContext, e: Event) => W {
  const of = decoderPerState(make)
  return (ctx, e) => of(stateOf(ctx, e))
}

/** The same by the state of the host. */
export function decoderPerState<W>(make: () => W): (state: State) => W {
  const decoders = new WeakMap<State, W>()
  return (state) => {
    let decoder = decoders.get(state)
    if (decoder === undefined) {
      decoder = make()
      decoders.set(state, decoder)
    }
    return decoder
  }
}

/** Returns the builder for fields of a protocol. */
export function decodedBy<S>(of: (ctx: FieldContext, e: Event) => Decoder<S>) {
  return <T extends FieldValue>(type: FieldType, doc: string, get: (activity: S) => T | undefined): FieldDef<T> =>
    field<T>({
      type,
      doc,
      cost: 64,
      needs: ['buffers'],
      make: (ctx) => (e) => {
        const activity = of(ctx, e).at(e)
        return activity && get(activity)
      },
    })
}

/** Its address, with the port unless it is the protocol's standard port; undefined if the sides are unknown. */
export function serverOf(fd: Fd, standardPort: number): string | undefined {
  const ip = serverIp(fd)
  const port = serverPort(fd)
  if (ip === undefined || port === undefined || port === standardPort) return ip
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}
