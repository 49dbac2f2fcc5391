// One JSON object per line: the texts of a format's expressions are the keys, sorted; values keep their types.
import type { FieldContext, FieldValue, Getter } from '../../fields/field.js'
import type { FieldRegistry } from '../../fields/registry.js'
import type { Event } from '../../model/event.js'
import type { ByteWriter } from '../../render/bytes/byte-writer.js'
import { EncodedText } from '../../render/bytes/encoded-text.js'
import { jsonText } from '../../render/escape.js'
import { type Appender, appender, bytesText, directAppender, truncationOf } from './appenders.js'
import type { Expression } from './expression.js'
import { inJson } from './json-value.js'
import { compileLine, type LinePart, type LineStyle, type Template } from './line.js'
import type { Column } from './parse.js'

const COMMA = 44
const NULL = new EncodedText('null')

const JSON_LINE: LineStyle = {
  absent: NULL,
  parts: (format) => {
    const byKey = new Map<string, Column>()
    for (const p of format) if (typeof p !== 'string') byKey.set(p.expression.text, p)
    const entries = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))
    const keys = new Set(byKey.keys())
    const parts = entries.flatMap(([key, c], i): LinePart[] => [
      `${i === 0 ? '{' : ','}${JSON.stringify(key)}:`,
      c,
      ...truncation(c.expression, keys),
    ])
    return [...parts, entries.length === 0 ? '{}\n' : '}\n']
  },
  value: (c, ctx, registry) => jsonAppender(inJson(c.expression, registry), ctx),
}

/** Compiles a format into JSON lines. Absent values are null; without a leading star such lines are omitted. */
export function compileJson(text: string, registry: FieldRegistry, ctx: FieldContext): Template {
  return compileLine(text, registry, ctx, JSON_LINE)
}

/** Adds that only part of a value was recorded, unless another key already does. */
function truncation(x: Expression, keys: Set<string>): Appender[] {
  const truncated = truncationOf(x)
  if (truncated === undefined || keys.has(truncated.field)) return []
  keys.add(truncated.field)
  const text = new EncodedText(`,${JSON.stringify(truncated.field)}:true`)
  return [
    (out, e) => {
      if (truncated.of(e)) out.encoded(text)
      return true
    },
  ]
}

function jsonAppender(x: Expression, ctx: FieldContext): Appender {
  if (x.list) return list(x.make(ctx), ctx)
  const direct = directAppender(x, ctx, jsonText)
  if (direct !== undefined) return direct
  if (x.use !== undefined && SAFE_TEXTS.has(x.use.name)) return quoted(appender(x, ctx))
  return scalar(x.make(ctx), ctx)
}

/** Texts that are written in place; only the quotes are missing. */
const SAFE_TEXTS = new Set(['evt.args', 'evt.info'])

function quoted(text: Appender): Appender {
  return (out, e) => {
    const start = out.openQuote()
    if (!text(out, e)) {
      out.cut(start - 1)
      return false
    }
    out.closeQuote(start)
    return true
  }
}

function scalar(get: Getter, ctx: FieldContext): Appender {
  return (out, e) => {
    const v = get(e)
    if (v === undefined) return false
    write(out, v as Scalar, ctx)
    return true
  }
}

function list(get: Getter, ctx: FieldContext): Appender {
  return (out: ByteWriter, e: Event) => {
    const v = get(e)
    if (v === undefined) return false
    if (!Array.isArray(v)) {
      write(out, v as Scalar, ctx)
      return true
    }
    out.trusted('[')
    for (let i = 0; i < v.length; i++) {
      if (i > 0) out.byte(COMMA)
      write(out, v[i], ctx)
    }
    out.trusted(']')
    return true
  }
}

type Scalar = Exclude<FieldValue, readonly unknown[]> | Uint8Array

function write(out: ByteWriter, v: Scalar, ctx: FieldContext): void {
  switch (typeof v) {
    case 'number':
      if (Number.isFinite(v)) out.int(v)
      else out.encoded(NULL)
      break
    case 'string':
      out.json(v)
      break
    case 'bigint':
    case 'boolean':
      out.trusted(String(v))
      break
    default:
      out.json(bytesText(v, ctx))
  }
}
