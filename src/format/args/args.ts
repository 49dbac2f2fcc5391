// Arguments of an event: written into lines, and as text. What a type of argument looks like is in types.ts.
import type { FieldContext } from '../../fields/field.js'
import type { RowForm } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import type { EventDef } from '../../schema/types.js'
import { ByteWriter } from '../bytes/byte-writer.js'
import { type Append, compileAll, compileOne, compileValues } from './compile.js'
import { textAlone } from './paths.js'

/** Functions for one kind of event, made when they are first needed. */
interface Compiled {
  readonly def: EventDef
  all: Append | undefined
  values: Append | undefined
  /** by place among the shown parameters */
  readonly each: (Append | undefined)[]
}

/** by event code; made in full, since an array that grows by leaps becomes a slow one */
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
 * evt.args: appends `name=VALUE` or `name=VALUE(MEANING)` of every parameter, joined by blanks; what is absent is NULL or <NA>,
 * and nothing where few events of the kind have it.
 */
export function appendArgs(out: ByteWriter, e: Event, ctx: FieldContext): void {
  const c = compiledFor(e)
  c.all ??= compileAll(e)
  c.all(out, e, ctx)
}

/**
 * Appends what appendArgs shows of every parameter behind its name, each with a NUL behind it; of an absent one that is the byte 1
 * alone, which is in no value.
 */
export function appendValues(out: ByteWriter, e: Event, ctx: FieldContext): void {
  const c = compiledFor(e)
  c.values ??= compileValues(e)
  c.values(out, e, ctx)
}

/** Where arguments are written one by one. What comes again is copied from where it was written before, so they stay a while. */
const printed = new ByteWriter(1 << 16)
const recorded = new ByteWriter(1 << 16, 'recorded')
const FULL = 1 << 15

/** Appends what appendArgs shows of the k-th shown parameter behind its name; false: the event has no such parameter. */
export function appendParam(out: ByteWriter, e: Event, k: number, ctx: FieldContext): boolean {
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

/** Writes there what appendParam does; returns where it begins, -1: the event has no such parameter. */
function writeOne(out: ByteWriter, e: Event, k: number, ctx: FieldContext): number {
  if (out.length > FULL) out.clear()
  const start = out.length
  out.resolved = -1
  return appendParam(out, e, k, ctx) ? start : -1
}

/**
 * evt.arg: appends what the k-th shown parameter means (a descriptor's name, an error's, those of flags) when it means anything, its
 * value otherwise; nothing for a parameter that the event has not.
 */
export function appendArg(out: ByteWriter, e: Event, k: number, ctx: FieldContext): void {
  const start = writeOne(printed, e, k, ctx)
  if (start < 0) return
  const { resolved, length } = printed
  if (resolved < 0) out.copy(printed, start, length)
  else out.copy(printed, resolved, length - 1)
}

/** evt.args as text, as recorded: whoever prints it makes it safe. */
export function renderArgs(e: Event, ctx: FieldContext): string {
  recorded.clear()
  appendArgs(recorded, e, ctx)
  return recorded.decoded(0, recorded.length)
}

/** evt.arg as text, as recorded. */
export function renderArg(e: Event, k: number, ctx: FieldContext): string {
  const alone = textAlone(e, k)
  if (alone !== undefined) return alone
  const start = writeOne(recorded, e, k, ctx)
  if (start < 0) return ''
  const { resolved, length } = recorded
  return resolved < 0 ? recorded.decoded(start, length) : recorded.decoded(resolved, length - 1)
}

/** What evt.args shows of the k-th shown parameter behind its name, as recorded. undefined: the event has no such parameter. */
export function renderParam(e: Event, k: number, ctx: FieldContext): string | undefined {
  const start = writeOne(recorded, e, k, ctx)
  return start < 0 ? undefined : recorded.decoded(start, recorded.length)
}
