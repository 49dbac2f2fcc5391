// The declaration of a field. One declaration serves filters, formats, JSON, listings, completion, chisels and views.

import type { Event } from '../model/event.js'
import type { BatchNs } from '../model/time.js'
import type { FieldValue, TextContext } from '../render/context.js'
import type { EventDef } from '../schema/types.js'

export { type FieldValue, PLAIN, stateOf } from '../render/context.js'

/** Field types by libs' names; they determine the operators and literals of a filter, and how a value prints. */
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

/** Getter of one field. State between events (deltatime) is in its closure, so every use gets a getter of its own. */
export type Getter<T extends FieldValue = FieldValue> = (e: Event) => T | undefined

/** What a getter may use besides the event: properties and tables of the capture, known only when the loop is built. */
export interface FieldContext extends TextContext {
  /**
   * of the capture as a whole: its start, kind and recorder. Properties of a single host are in the info of its state.
   */
  readonly info: import('../source/source.js').CaptureInfo
  /** batch time of the capture's first event, maintained by the loop; without it, the first event that a getter sees */
  readonly first?: { readonly time: BatchNs | undefined }
  /** evaluates the rules; undefined if there are none */
  readonly rules?: FiredRules
}

/**
 * A property that the kernel can test, a file's index contains or a column holds: the thread's name or one of its ids,
 * whether the call failed, its latency, the number or time of the event. Or a value derived from one: from the result,
 * the kind, letter or protocol of the descriptor, or the name of the user with that id. `socket`: only sockets have a value. `fdNum`: the
 * descriptor number, absent for a call that failed to open something. `nameChanged`: whether the call gave the descriptor a name.
 */
type EventProperty =
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
  | 'fdLetter'
  | 'protocol'
  | 'nameChanged'
  | 'fdNum'
  | 'socket'
  | 'userName'

export interface FieldDef<T extends FieldValue = FieldValue> {
  readonly type: FieldType
  readonly list?: boolean
  /** one line that describes the value */
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
  /** false: neither an argument of a transformer nor the right side of a comparison; left: not the right side. See isOperand() */
  readonly operand?: false | 'left'
  /** how a number prints: hexadecimal, or with at least nine digits; undefined: decimal */
  readonly fmt?: 'hex' | '10_padded_dec'
  /** relative cost of the getter, for ordering conditions: 1 a column, 4 state, 16 decoding, 64 building text */
  readonly cost?: number
  /**
   * several candidate values, which the getter returns as an array: a comparison holds if it holds for one of them.
   * With 'any' (fd.ip, fd.port) != is the opposite of =: all must differ; with 'each' (proc.aname without index) !=
   * also holds if one of them differs.
   */
  readonly multi?: 'any' | 'each'
  /**
   * the value depends on the event's columns only, not on its arguments: a run that reads only such fields need not maintain
   * threads and descriptors, and a live one does not copy arguments. same: it is equal for all calls of one type with one result; sum: its sum follows from the
   * number of such calls and the sum of their latencies
   */
  readonly rowOnly?: 'each' | 'same' | 'sum'
  /** all texts that it can have, where these are few: a filter warns about other ones */
  readonly among?: readonly string[]
  /** the event property that determines the value, for the kernel and file indexes (filter/planners/bounds-by-type.ts) */
  readonly property?: EventProperty
  /** its text is the same in all events of one type, one thread (while it keeps its name) and one CPU */
  readonly steady?: true
  /**
   * the value depends on the descriptor only, changes only with it (Fd.changed) and is absent for events without one,
   * except for the event types in `except`; `bare`: event types that may have a value without a descriptor
   */
  readonly fdOnly?: { readonly except?: (def: EventDef) => boolean; readonly bare?: (def: EventDef) => boolean }
  /**
   * what a value contains occurs as it is in the data that is searched for processes (filter/planners/required-literals.ts):
   * each text within one argument of an event of the process, in the snapshot of it, or in those of a process that it inherits
   * from; ids (hexadecimal) and ports in the same way. `of`: it describes the thread, or one of its descriptors
   */
  readonly literals?: { readonly kind: 'text' | 'id' | 'port'; readonly of: 'thread' | 'descriptor' }
  /** the value comes from the container's metadata only; absent without any */
  readonly containerOnly?: true
  /**
   * the value depends on the thread alone, in all events but those of calls that change threads, and changes only when the kernel reports
   * it: a program, a name, ids. 'ancestors': also on the same properties of its ancestors, and on which these are
   */
  readonly ofProcess?: 'own' | 'ancestors'
  /** returns the getter; arg is the checked text from the brackets */
  readonly make: (ctx: FieldContext, arg: string | undefined) => Getter<T>
  /** checks the argument: returns a sentence about what is wrong; undefined if it is valid */
  readonly checkArg?: (arg: string) => string | undefined
  /** for `dynamic`: the type for this argument */
  readonly dynamicType?: (arg: string) => FieldType
  /**
   * what the capture must provide for this field: I/O buffers, structures that arguments point to, latency, CPU times and memory of threads, container
   * names, every scheduler switch where switches are captured, stacks, the descriptors of all processes (peers), the data of name
   * lookups of all processes (lookups). From a
   * file also: names of all threads (names), all events (everybody). `lines`: stateful; it must be evaluated for every
   * line in order, by a getter of its own. `rules`: the user must specify rules, and the capture must provide what they
   * need
   */
  readonly needs?: readonly (
    | 'buffers'
    | 'structs'
    | 'latency'
    | 'times'
    | 'container'
    | 'switches'
    | 'stacks'
    | 'peers'
    | 'lookups'
    | 'names'
    | 'everybody'
    | 'lines'
    | 'rules'
  )[]
  /** the number is an epoch time in ns, as a bigint: a filter can also compare it with dates */
  readonly epoch?: boolean
  /** 64-bit values are exact: a bigint where a Number would be rounded */
  readonly exact?: boolean
  /**
   * for a call that reads from one descriptor and writes to another, the value describes one of these transfers: its
   * direction, its bytes
   */
  readonly perTransfer?: true
  /** for a text composed of several words: the words, for transformers that take a list */
  readonly words?: () => Getter<readonly string[]>
  /**
   * in tables of threads it is evaluated for events and for samples. Without this, fields of evt, fd and fs are
   * evaluated for events, all others for samples only
   */
  readonly sampled?: true
  /** in a filter, = means "at most" (evt.around) */
  readonly equalsMeans?: 'atMost'
  /** the field that replaces this one in JSON: times of day become epoch ns there */
  readonly json?: string
  /**
   * the value (without an argument) may have been recorded in part: lines end it with dots then, JSON adds that other
   * field
   */
  readonly truncated?: { readonly field: string; readonly of: (e: Event) => boolean }
  /**
   * no event has a value, with the reason as a clause; `ours`: only in captures of ksys, files of other tools may have
   * one
   */
  readonly absent?: { readonly why: string; readonly ours?: true }
  /** a field that other tools have or had, and why ksys does not have it: using it is an error */
  readonly removed?: string
}

/** A field that takes or requires an argument. */
type WithArgument<T extends FieldValue> = FieldDef<T> & { readonly arg: object }

/** Declares a field: infers and checks the type of the getter, and preserves in the type whether there is an argument. */
export function field<T extends FieldValue>(def: WithArgument<T>): WithArgument<T>
export function field<T extends FieldValue>(def: FieldDef<T>): FieldDef<T>
export function field<T extends FieldValue>(def: FieldDef<T>): FieldDef<T> {
  return def
}

/** The properties of a rule that fields show. */
export interface FiredRule {
  readonly name: string
  /** source of its events: syscall */
  readonly source: string
  /** Emergency, Alert, Critical ... */
  readonly priority: string
  /** the same as a syslog number: 0 is the most severe */
  readonly severity: number
  readonly tags: readonly string[]
}

export interface FiredRules {
  /** The rules that the event under the cursor fires, in order. */
  at(e: Event): readonly FiredRule[]
  /** The alert text of the first fired rule, without time and priority; undefined if none fires. */
  output(e: Event): string | undefined
}

/** Whether a field can be an argument of a transformer: fields with several values, or with a type by argument, cannot. */
export function isOperand(def: FieldDef): boolean {
  return def.operand !== false && def.multi === undefined && def.type !== 'dynamic'
}

/** Whether a field can be the right side of a comparison. */
export function isRightSide(def: FieldDef): boolean {
  return isOperand(def) && def.operand !== 'left'
}
