// What the text of a value depends on besides the event: the state, which has names of descriptors, processes and users, and the style.
import type { Event } from '../model/event.js'
import type { State } from '../state/state.js'

/**
 * JavaScript values by field type: numbers are Number (dynamic and `exact` 64-bit values beyond 2^53: bigint), abstime is bigint
 * (epoch ns), ipaddr and ipnet are text, bytebuf is Uint8Array (valid during the callback), strings are strings.
 * `undefined` always means absent. The value of a list field is an array of these.
 */
export type FieldValue =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | readonly (number | bigint | string | boolean)[]

/** What writers of values use besides the event. */
export interface TextContext {
  /** one per host; see stateOf() */
  readonly states: readonly State[]
  readonly format: {
    /** style of evt.outputtime */
    timeStyle: 'h' | 'a' | 'r' | 'd' | 'D'
    /**
     * how buffers print: printable text cut at 80, hex dump, hex and ASCII, ASCII, base64; on one line: hex cut at 80,
     * or the number of bytes
     */
    buffer: 'dots' | 'hex' | 'hexAscii' | 'ascii' | 'base64' | 'hexLine' | 'masked'
    /** do not cut buffers at 80 */
    fullBuffers: boolean
    /** show port names for numbers (-R) */
    resolvePorts: boolean
    columns: number
  }
}

/** Formatting of values in lines for a terminal. */
export const PLAIN = {
  timeStyle: 'h',
  buffer: 'dots',
  fullBuffers: false,
  resolvePorts: false,
  columns: 80,
} as const satisfies TextContext['format']

/** The state of the event's host. */
export function stateOf(ctx: Pick<TextContext, 'states'>, e: Event): State {
  return ctx.states[e.host] as State
}
