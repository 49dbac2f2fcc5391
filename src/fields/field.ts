// How a field is declared. One declaration serves filters, formats, JSON, listings, completion, chisels and views.
import type { Event } from '../model/event.js'
import type { EventDef } from '../schema/types.js'
import type { State } from '../state/state.js'

/** Field types by libs' names; they decide which operators and literals a filter may use and how a value prints. */
export type FieldType =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'double'
  | 'bool'
  | 'string'
  | 'bytebuf'
  | 'reltime'
  | 'abstime'
  | 'port'
  | 'ipaddr'
  | 'ipnet'
  | 'fspath'
  | 'fd'
  | 'pid'
  | 'errno'
  | 'dynamic'

/**
 * JavaScript values by type: numbers are Number (dynamic and `exact` 64-bit values beyond 2^53: bigint), abstime is bigint (epoch ns),
 * ipaddr and ipnet are text, bytebuf is Uint8Array (valid during the callback), strings are strings.
 * `undefined` always means absent. A list field's value is an array of these.
 */
export type FieldValue =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | readonly (number | bigint | string | boolean)[]

/** Getter of one field; extraction state (deltatime) lives in its closure, so `get` is made per use. */
export type Getter<T extends FieldValue = FieldValue> = (e: Event) => T | undefined

/** What a getter may use besides the event: the capture's facts and tables, known only when the loop is built. */
export interface FieldContext {
  /** of the capture as a whole: its start, kind and recorder. What differs between hosts is in the info of a host's state. */
  readonly info: import('../source/source.js').CaptureInfo
  /** one for each host; see stateOf() */
  readonly states: readonly State[]
  readonly format: {
    /** evt.outputtime's style */
    timeStyle: 'h' | 'a' | 'r' | 'd' | 'D'
    /** how buffers print: printable text cut at 80, hex dump, hex and ascii, ascii, base64; on one line: hex cut at 80, how many bytes */
    buffer: 'dots' | 'hex' | 'hexAscii' | 'ascii' | 'base64' | 'hexLine' | 'masked'
    /** do not cut buffers at 80 */
    fullBuffers: boolean
    /** show port names for numbers (-R) */
    resolvePorts: boolean
    columns: number
  }
  /** batch time of the capture's first event, kept by the loop; without it, the first event a getter sees counts */
  readonly first?: { readonly time: number | undefined }
  /** the rules that events are judged by; undefined: there are none */
  readonly rules?: import('./fired-rules.js').FiredRules
}

/** Values as lines of a terminal have them. */
export const PLAIN = {
  timeStyle: 'h',
  buffer: 'dots',
  fullBuffers: false,
  resolvePorts: false,
  columns: 80,
} as const satisfies FieldContext['format']

/** The state of the host that an event is of. */
export function stateOf(ctx: Pick<FieldContext, 'states'>, e: Event): State {
  return ctx.states[e.host] as State
}

/**
 * What the kernel decides by, or the index of a file, or a column: the value is the thread's name or one of its ids, whether the
 * call failed, how long it took, the event's number or time; or follows from its result, the kind of its descriptor, or the name that the user's id has; or only sockets
 * have one; or it is the number of the descriptor, which a call that failed to open something has none of.
 */
export type EventProperty =
  | 'comm'
  | 'pid'
  | 'tid'
  | 'uid'
  | 'failed'
  | 'latency'
  | 'num'
  | 'reltime'
  | 'rawtime'
  | 'result'
  | 'fdType'
  | 'fdNum'
  | 'socket'
  | 'userName'

export interface FieldDef<T extends FieldValue = FieldValue> {
  readonly type: FieldType
  readonly list?: boolean
  /** one line of meaning */
  readonly doc: string
  /** argument in brackets or after a dot; kinds: an index, a name, either */
  readonly arg?: {
    readonly need: 'required' | 'optional'
    readonly kind: 'index' | 'name' | 'any'
    readonly dot?: boolean
    readonly doc: string
  }
  readonly filter?: boolean
  readonly print?: boolean
  readonly transformers?: boolean
  readonly rhsField?: boolean
  /** how a number prints: in hexadecimal, or with at least nine digits; undefined: in decimal */
  readonly fmt?: 'hex' | '10_padded_dec'
  /** relative cost of the getter, to order conjuncts: 1 a column, 4 state, 16 decoding, 64 building text */
  readonly cost?: number
  /** fields with several candidate values, which the getter returns as an array: a comparison holds when it holds for one
   * of them. With 'any' (fd.ip, fd.port) != is the opposite of =: all must differ; with 'each' (proc.aname without index)
   * != too holds when one of them differs. */
  readonly multi?: 'any' | 'each'
  /**
   * the event's columns alone give the value: a run that reads only such fields need not follow threads and descriptors. alike: it is the same for
   * all calls of one kind with one result; summed: numbers of such calls and the sums of their latencies tell its sum
   */
  readonly ofEvent?: 'each' | 'alike' | 'summed'
  /** what of an event, as kernel and file indexes tell events apart, decides about the value (filter/planners/bounds-by-type.ts) */
  readonly property?: EventProperty
  /** its text is the same in all events of one type, one thread (by the name that it has) and one processor */
  readonly steady?: true
  /**
   * the value is the descriptor's alone, changes only with it (Fd.changed) and is absent where an event has none, other
   * than in events of the kinds that `except` holds for; `bare`: which events may have a value without a descriptor
   */
  readonly ofFd?: { readonly except?: (def: EventDef) => boolean; readonly bare?: (def: EventDef) => boolean }
  /**
   * the value comes from the event's thread, its process, its container and the accounts, and changes only with events that
   * touch them (state/effects/event-scope.ts); a thread of which nothing is known has none
   */
  readonly ofThread?: true
  /**
   * the value is made of texts that lie in the arguments of events of the process or of one that it has something from, or were
   * known of it at first: what is in none of these within one name is not in the value (filter/planners/required-literals.ts). ids: such of hexadecimal
   * digits
   */
  readonly ofTexts?: true | 'ids'
  /** the value is a port of an address that lies there in the same way */
  readonly ofPorts?: true
  /** the value comes from the description of the container alone; absent where there is none */
  readonly ofContainer?: true
  /** makes the getter; arg is checked text from the brackets */
  readonly make: (ctx: FieldContext, arg: string | undefined) => Getter<T>
  /** checks the argument, returns what is wrong with it in a sentence; undefined when it is right */
  readonly checkArg?: (arg: string) => string | undefined
  /** for `dynamic`: the type that this argument has */
  readonly dynamicType?: (arg: string) => FieldType
  /**
   * what the capture must bring for this field: I/O buffers, latency, the threads' times and memory, container names, every
   * scheduler switch where switches are captured, where calls came from (stacks), the descriptors of everybody (peers). Of a file also: what any thread is
   * called (names), all events (everybody). `lines`: each use needs a getter of its own, since a value depends on what
   * the calls of the getter before. `rules`: the person must give some, and the capture bring what they need
   */
  readonly needs?: readonly (
    | 'buffers'
    | 'latency'
    | 'times'
    | 'container'
    | 'switches'
    | 'stacks'
    | 'peers'
    | 'names'
    | 'everybody'
    | 'lines'
    | 'rules'
  )[]
  /** the number is a point in time, ns since the epoch, in a bigint: a filter compares it with dates too */
  readonly epoch?: boolean
  /** values of 64 bits come exact, a bigint where a Number would be rounded */
  readonly exact?: boolean
  /** of a call that reads from one descriptor and writes to another the value is about one of these transfers: its direction, its bytes */
  readonly ofTransfer?: true
  /** for a text made of several: these apart, for transformers that work on a list */
  readonly words?: () => Getter<readonly string[]>
  /** in tables of threads it is read at events and at samples; a field of another topic than evt, fd and fs without this, at samples only */
  readonly sampled?: true
  /** in a filter, = means "at most" (evt.around) */
  readonly equalsMeans?: 'atMost'
  /** the field whose value stands for this one in JSON: times of day become epoch ns there */
  readonly json?: string
  /** only a part of the value (without an argument) may have been recorded: lines end it with dots then, JSON has that other field beside it */
  readonly truncated?: { readonly field: string; readonly of: (e: Event) => boolean }
  /** no event has a value: why, as a clause; `ours`: of captures that ksys made, files of other tools may have one */
  readonly absent?: { readonly why: string; readonly ours?: true }
  /** gone upstream: using it is an error that says so */
  readonly removed?: string
}

/** A field that may or must be given an argument. */
export type WithArgument<T extends FieldValue> = FieldDef<T> & { readonly arg: object }

/** Declares a field; infers and checks the getter's type, and keeps in the type whether there is an argument. */
export function field<T extends FieldValue>(def: WithArgument<T>): WithArgument<T>
export function field<T extends FieldValue>(def: FieldDef<T>): FieldDef<T>
export function field<T extends FieldValue>(def: FieldDef<T>): FieldDef<T> {
  return def
}
