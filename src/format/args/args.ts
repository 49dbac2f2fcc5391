// All arguments of an event as text (evt.args), one of them as text (evt.arg) or as a value (evt.rawarg).
import type { FieldContext, FieldValue } from '../../fields/field.js'
import type { RowForm } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import { flagKind, toPortable } from '../../schema/flags/convert.js'
import type { EventDef, ParamDef } from '../../schema/types.js'
import { escapeText } from '../text/escape.js'
import { dynText } from './dynamic.js'
import { fdlistText } from './fdlist.js'
import { lookedAt } from './flags.js'
import { exact } from './numbers.js'
import {
  absentText,
  charbufarrayText,
  compileParam,
  ipv4addrText,
  ipv6addrText,
  type Renderer,
  sockaddrText,
  structText,
  tupleText,
} from './param.js'
import { meaning } from './resolved.js'

interface Compiled {
  readonly def: EventDef
  /** index of each shown parameter in the definition */
  readonly place: readonly number[]
  readonly render: readonly Renderer[]
  /** `name=`, after a blank for all but the first */
  readonly label: readonly string[]
  readonly absent: readonly string[]
  /** may be a dump of several lines, which has only our own line feeds */
  readonly dump: readonly boolean[]
}

/** by event code; made in full, since an array that grows by leaps becomes a slow one */
const compiled = new Array<Compiled | undefined>(CODE_LIMIT).fill(undefined)
const compiledForms = new WeakMap<RowForm, Compiled>()

function compile(e: Event): Compiled {
  const form = e.form
  const c = form === undefined ? compiled[e.type] : compiledForms.get(form)
  if (c !== undefined && c.def === e.def) return c
  const params = e.shown
  const place = params.map((_, k) => e.shownAt(k))
  const made: Compiled = {
    def: e.def,
    place,
    render: params.map((p, k) => compileParam(place[k] as number, p)),
    label: params.map((p, i) => `${i > 0 ? ' ' : ''}${p.name}=`),
    absent: params.map(absentText),
    dump: params.map((p) => p.type === 'bytebuf' || p.type === 'dyn'),
  }
  if (form === undefined) compiled[e.type] = made
  else compiledForms.set(form, made)
  return made
}

/**
 * The p-th shown parameter as text, and what that means (a descriptor's name, an error's, those of flags), both as recorded. undefined
 * when the event has no such parameter; an absent one is NULL, an absent text <NA>.
 */
export function renderParam(
  e: Event,
  p: number,
  ctx: FieldContext,
): { value: string; resolved: string | undefined } | undefined {
  const c = compile(e)
  const render = c.render[p]
  if (render === undefined) return undefined
  meaning.text = undefined
  const value = e.has(c.place[p] as number) ? render(e, ctx) : (c.absent[p] as string)
  return { value, resolved: meaning.text }
}

/**
 * evt.args: `name=VALUE` or `name=VALUE(RESOLVED)` of every parameter, joined by blanks. Text as recorded, for the writer
 * to make safe; beside dumps of buffers, whose line feeds the writer lets through, it is made safe here.
 */
export function renderArgs(e: Event, ctx: FieldContext): string {
  const c = compile(e)
  if (ctx.format.buffer !== 'dots' && ctx.format.buffer !== 'base64') return safeArgs(e, ctx, c)
  let text = ''
  for (let p = 0; p < c.render.length; p++) {
    meaning.text = undefined
    const value = e.has(c.place[p] as number) ? (c.render[p] as Renderer)(e, ctx) : (c.absent[p] as string)
    text += (c.label[p] as string) + value
    if (meaning.text !== undefined) text += `(${meaning.text})`
  }
  return text
}

function safeArgs(e: Event, ctx: FieldContext, c: Compiled): string {
  let text = ''
  for (let p = 0; p < c.render.length; p++) {
    meaning.text = undefined
    const value = e.has(c.place[p] as number) ? (c.render[p] as Renderer)(e, ctx) : (c.absent[p] as string)
    text += (c.label[p] as string) + (c.dump[p] ? value : escapeText(value))
    if (meaning.text !== undefined) text += `(${escapeText(meaning.text)})`
  }
  return text
}

/** evt.arg: the resolved text of the p-th shown parameter when there is one, its value otherwise; '' for a parameter it has not. */
export function renderArg(e: Event, p: number, ctx: FieldContext): string {
  const c = compile(e)
  const render = c.render[p]
  if (render === undefined) return ''
  if (!e.has(c.place[p] as number)) return c.absent[p] as string
  meaning.text = undefined
  const value = render(e, ctx)
  return meaning.text ?? value
}

/** Values that are buffers within a dyn parameter: as readable as they get, and whole. */
const WHOLE: Pick<FieldContext, 'format'> = {
  format: { timeStyle: 'h', buffer: 'dots', fullBuffers: true, resolvePorts: false, columns: 80 },
}

/**
 * evt.rawarg: the k-th shown parameter as a value: Numbers (bigint beyond 2^53, and for points in time), libs' portable flags, texts
 * (of addresses, tuples and lists too), bytes (valid as long as the batch). undefined when absent.
 */
export function rawArg(e: Event, k: number): FieldValue | undefined {
  const def = e.shown[k]
  const p = e.shownAt(k)
  if (def === undefined || !e.has(p)) return undefined
  switch (def.type) {
    case 'charbuf':
    case 'fspath':
    case 'fsrelpath':
      return e.text(p)
    case 'bytebuf':
      return e.bytes(p)
    case 'abstime':
      return e.big(p)
    case 'bool':
      return e.number(p) !== 0
    case 'sockaddr':
      return sockaddrText(e, p)
    case 'socktuple':
      return tupleText(e, p)
    case 'fdlist':
      return fdlistText(e, p)
    case 'dyn':
      return dynText(e, p, def, WHOLE)
    case 'charbufarray':
      return charbufarrayText(e, p)
    case 'ipv4addr':
      return ipv4addrText(e, p)
    case 'ipv6addr':
      return ipv6addrText(e, p)
    case 'struct':
      return structText(e, p, def)
    default:
      return rawNumber(e, p, def)
  }
}

function rawNumber(e: Event, p: number, def: ParamDef): number | bigint | undefined {
  const n = e.number(p)
  if (n === undefined || !lookedAt(e, def)) return n === undefined ? undefined : 0
  if (def.flags === undefined || !e.batch.native) return exact(e, p, n)
  const table = e.batch.arch === 'arm64' ? (def.flags.arm64 ?? def.flags) : def.flags
  return toPortable(table, flagKind(def.type) ?? 'flags', n)
}
