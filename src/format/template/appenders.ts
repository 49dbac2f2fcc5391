// Converts the value of an expression to text: one appender per use, chosen by field and type when the format is
// compiled. If the value is absent, an appender returns false, having written nothing.
import { Clock } from '../../fields/clock.js'
import { argument } from '../../fields/evt-args.js'
import type { FieldContext, FieldDef, FieldValue, Getter } from '../../fields/field.js'
import { syslogText } from '../../fields/syslog.js'
import type { Event } from '../../model/event.js'
import { appendArg, appendArgs } from '../../render/args/args.js'
import { bufferText, ELLIPSIS, writeBuffer } from '../../render/args/buffer.js'
import type { ByteWriter } from '../../render/bytes/byte-writer.js'
import { EncodedText } from '../../render/bytes/encoded-text.js'
import { TextCache } from '../../render/bytes/text-cache.js'
import { escapeText } from '../../render/escape.js'
import type { Expression } from './expression.js'

export type Appender = (out: ByteWriter, e: Event) => boolean

/** A buffer as text, in the style and length of the context. */
export function bytesText(b: Uint8Array, ctx: FieldContext): string {
  return bufferText(b, 0, b.length, ctx.format.buffer, ctx.format.fullBuffers)
}

/** The appender for an expression. */
export function appender(x: Expression, ctx: FieldContext): Appender {
  const special = x.use && (directAppender(x, ctx, escapeText) ?? SPECIAL[x.use.name]?.(ctx, x.use.arg))
  if (special !== undefined) return special
  const get = x.make(ctx)
  if (x.list) return textual((e) => listText(get(e), x))
  if (x.use?.name === 'evt.rawarg') return varied(get, x, ctx)
  switch (x.type) {
    case 'string':
      return dotted(textual(get as Getter<string>), truncationOf(x)?.of)
    case 'fspath':
    case 'ipaddr':
    case 'ipnet':
      return textual(get as Getter<string>)
    case 'bytebuf':
      return bytes(get as Getter<Uint8Array>, ctx)
    case 'bool':
      return (out, e) => {
        const v = get(e)
        if (v === undefined) return false
        out.trusted(v ? 'true' : 'false')
        return true
      }
    default:
      return numeric(get, x)
  }
}

function textual(get: Getter<string>): Appender {
  return (out, e) => {
    const v = get(e)
    if (v === undefined) return false
    out.text(v)
    return true
  }
}

/** How to detect that only part of a value was recorded, and the field that shows this. */
export type Truncation = NonNullable<FieldDef['truncated']>

/** The truncation of an expression; undefined if it is always complete. */
export function truncationOf({ use }: Expression): Truncation | undefined {
  return use?.arg === undefined ? use?.def.truncated : undefined
}

/** A text that ends with dots if only part of it was recorded. */
function dotted(text: Appender, truncated: ((e: Event) => boolean) | undefined): Appender {
  if (truncated === undefined) return text
  return (out, e) => {
    if (!text(out, e)) return false
    if (truncated(e)) out.encoded(ELLIPSIS)
    return true
  }
}

function bytes(get: Getter<Uint8Array>, { format }: FieldContext): Appender {
  return (out, e) => {
    const v = get(e)
    if (v === undefined) return false
    const view = new DataView(v.buffer, v.byteOffset, v.byteLength)
    writeBuffer(out, view, 0, v.length, format.buffer, format.fullBuffers)
    return true
  }
}

/** A dynamic value: arguments of the same name have different types in different events. */
function varied(get: Getter, x: Expression, { format }: FieldContext): Appender {
  return (out, e) => {
    const v = get(e)
    if (v === undefined) return false
    if (v instanceof Uint8Array) {
      const view = new DataView(v.buffer, v.byteOffset, v.byteLength)
      writeBuffer(out, view, 0, v.length, format.buffer, format.fullBuffers)
    } else out.text(valueText(v, x))
    return true
  }
}

function numeric(get: Getter, x: Expression): Appender {
  const fmt = x.use?.def.fmt
  if (x.type === 'double' || fmt !== undefined)
    return (out, e) => {
      const v = get(e)
      if (v === undefined) return false
      out.text(valueText(v, x))
      return true
    }
  return (out, e) => {
    const v = get(e)
    if (v === undefined) return false
    if (typeof v === 'number') out.int(v)
    else out.text(String(v))
    return true
  }
}

function listText(v: FieldValue | undefined, x: Expression): string | undefined {
  if (v === undefined) return undefined
  if (!Array.isArray(v)) return valueText(v, x)
  return x.use?.multi === true ? v.join(' ') : `(${v.join(',')})`
}

/** A single value as text; bytes become their text. */
export function valueText(v: FieldValue, x: Expression): string {
  if (typeof v === 'number' || typeof v === 'bigint') {
    switch (x.use?.def.fmt) {
      case 'hex':
        return v.toString(16).toUpperCase()
      case '10_padded_dec':
        return v < 0 ? `-${String(-v).padStart(9, '0')}` : String(v).padStart(9, '0')
      default:
        return x.type === 'double' && typeof v === 'number' ? v.toFixed(1) : String(v)
    }
  }
  return String(v)
}

/**
 * The appender for a value that all output formats write in the same way, except for the form of names, which `render` returns; undefined:
 * the value is none of these.
 */
export function directAppender(
  { use }: Expression,
  ctx: FieldContext,
  render: (text: string) => string,
): Appender | undefined {
  return use && (INTEGERS[use.name]?.(ctx) ?? NAMES[use.name]?.(render))
}

/** Integers of every line. */
const INTEGERS: Readonly<Record<string, (ctx: FieldContext) => Appender>> = {
  'evt.num': () => (out, e) => {
    out.int(e.batch.num[e.row] as number)
    return true
  },
  'evt.cpu': () => (out, e) => {
    out.int(e.batch.cpu[e.row] as number)
    return true
  },
  'thread.tid': () => (out, e) => {
    out.int(e.batch.tid[e.row] as number)
    return true
  },
  'evt.rawtime': (ctx) => {
    const clock = new Clock(ctx.info)
    return (out, e) => {
      clock.set(e.time)
      if (clock.sec > 0) {
        out.int(clock.sec)
        out.nine(clock.ns)
      } else out.trusted(String(clock.epoch()))
      return true
    }
  },
}

/** Texts that many lines share. */
const NAMES: Readonly<Record<string, (render: (text: string) => string) => Appender>> = {
  'evt.type': eventType,
  'evt.dir': direction,
  'proc.name': processName,
}

/** Texts of every line, written without an intermediate string. */
const SPECIAL: Readonly<Record<string, (ctx: FieldContext, arg: string | undefined) => Appender | undefined>> = {
  'evt.time': (ctx) => timeOfDay(ctx),
  'evt.args': (ctx) => (out, e) => {
    appendArgs(out, e, ctx)
    return true
  },
  'evt.arg': (ctx, arg) => {
    const { find, generic } = argument(arg)
    return (out, e) => {
      const k = find(e)
      if (k >= 0) {
        appendArg(out, e, k, ctx)
        return true
      }
      const text = generic(e)
      if (text !== undefined) out.text(text)
      return text !== undefined
    }
  },
  'evt.info': (ctx) => (out, e) => {
    const message = syslogText(e)
    if (message === undefined) appendArgs(out, e, ctx)
    else out.text(message)
    return true
  },
  'evt.outputtime': (ctx) => (ctx.format.timeStyle === 'h' ? timeOfDay(ctx) : undefined),
}

/** Appends evt.type in the form that `render` returns. */
function eventType(render: (text: string) => string): Appender {
  const names = new TextCache(render)
  return (out, e) => {
    out.encoded(names.encodedText(e.def.name))
    return true
  }
}

/** Appends proc.name in the form that `render` returns. */
function processName(render: (text: string) => string): Appender {
  const names = new TextCache(render)
  return (out, e) => {
    const comm = e.thread?.comm
    if (!comm) return false
    out.encoded(names.encodedText(comm))
    return true
  }
}

/** Appends evt.dir in the form that `render` returns. */
function direction(render: (text: string) => string): Appender {
  const exit = new EncodedText(render('<'))
  const enter = new EncodedText(render('>'))
  return (out, e) => {
    out.encoded(((e.batch.type[e.row] as number) & 1) === 1 ? exit : enter)
    return true
  }
}

function timeOfDay(ctx: FieldContext): Appender {
  const clock = new Clock(ctx.info)
  const head = new EncodedText('00:00:00.')
  let shown = Number.NaN
  return (out, e) => {
    clock.set(e.time)
    if (clock.sec !== shown) {
      const text = clock.time()
      for (let i = 0; i < 8; i++) head.bytes[i] = text.charCodeAt(i)
      shown = clock.sec
    }
    out.encoded(head)
    out.nine(clock.ns)
    return true
  }
}
