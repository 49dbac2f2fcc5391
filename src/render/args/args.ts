// Arguments of an event, written into lines or as text. types.ts defines the form of each parameter type.

import type { RowForm } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import type { EventDef } from '../../schema/types.js'
import { ByteWriter } from '../bytes/byte-writer.js'
import type { TextContext } from '../context.js'
import { type Append, compileAll, compileOne, compileValues } from './compile.js'
import { textAlone } from './paths.js'

/** The functions for one event type, compiled on first use. */
interface Compiled {
  readonly def: EventDef
  all: Append | undefined
  values: Append | undefined
  /** by index among the shown parameters */
  readonly each: (Append | undefined)[]
}

/** by event code; allocated in full, since an array that grows sparsely becomes slow */
const compiled = new Array<Compiled | undefined>(CODE_LIMIT).fill(undefined)
const compiledForms = new WeakMap<RowForm, Compiled>()

function compiledFor(e: Event): Compiled {
  const type = e.batch.type[e.row] as number
  const form = e.form
  let c = form === undefined ? compiled[type] : compiledForms.get(form)
  if (c === undefined || c.def !== e.def) {
    c = { def: e.def, all: undefined, values: undefined, each: e.shown.map(() => undefined) }
    if (form === undefined) compiled[type] = c
    else compiledForms.set(form, c)
  }
  return c
}

/**
 * evt.args: appends `name=VALUE` or `name=VALUE(MEANING)` of every parameter, joined by blanks. An absent value is NULL
 * or <NA>; an optional parameter, which few events of the type have, is omitted.
 */
export function appendArgs(out: ByteWriter, e: Event, ctx: TextContext): void {
  const c = compiledFor(e)
  c.all ??= compileAll(e)
  c.all(out, e, ctx)
}

/**
 * Appends the values of appendArgs without names, each followed by a NUL; an absent value is the single byte 1, which
 * occurs in no value.
 */
export function appendValues(out: ByteWriter, e: Event, ctx: TextContext): void {
  const c = compiledFor(e)
  c.values ??= compileValues(e)
  c.values(out, e, ctx)
}

/**
 * The buffer for single arguments. It is not cleared each time, because repeated texts are copied from where they were
 * first written.
 */
const printed = new ByteWriter(1 << 16)
const recorded = new ByteWriter(1 << 16, 'recorded')
const FULL = 1 << 15

/** Appends the value that appendArgs writes for the k-th shown parameter; false if the event has no such parameter. */
export function appendParam(out: ByteWriter, e: Event, k: number, ctx: TextContext): boolean {
  const c = compiledFor(e)
  if (!(k < c.each.length)) return false
  let append = c.each[k]
  if (append === undefined) {
    append = compileOne(e, k)
    c.each[k] = append
  }
  append(out, e, ctx)
  return true
}

/** Appends the same there; returns its start, or -1 if the event has no such parameter. */
function writeOne(out: ByteWriter, e: Event, k: number, ctx: TextContext): number {
  if (out.length > FULL) out.clear()
  const start = out.length
  out.resolved = -1
  return appendParam(out, e, k, ctx) ? start : -1
}

/**
 * evt.arg: appends the meaning of the k-th shown parameter (name of a descriptor, an error, of flags) if it has one,
 * otherwise its value; nothing if the event has no such parameter.
 */
export function appendArg(out: ByteWriter, e: Event, k: number, ctx: TextContext): void {
  const start = writeOne(printed, e, k, ctx)
  if (start < 0) return
  const { resolved, length } = printed
  if (resolved < 0) out.copy(printed, start, length)
  else out.copy(printed, resolved, length - 1)
}

/** evt.args as text, as recorded: the caller must escape it before printing. */
export function renderArgs(e: Event, ctx: TextContext): string {
  recorded.clear()
  appendArgs(recorded, e, ctx)
  return recorded.decoded(0, recorded.length)
}

/** evt.arg as text, as recorded. */
export function renderArg(e: Event, k: number, ctx: TextContext): string {
  const alone = textAlone(e, k)
  if (alone !== undefined) return alone
  const start = writeOne(recorded, e, k, ctx)
  if (start < 0) return ''
  const { resolved, length } = recorded
  return resolved < 0 ? recorded.decoded(start, length) : recorded.decoded(resolved, length - 1)
}

/**
 * The value that evt.args contains for the k-th shown parameter, as recorded. undefined if the event has no such
 * parameter.
 */
export function renderParam(e: Event, k: number, ctx: TextContext): string | undefined {
  const start = writeOne(recorded, e, k, ctx)
  return start < 0 ? undefined : recorded.decoded(start, recorded.length)
}
