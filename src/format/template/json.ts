// One JSON object per line: the texts of a format's expressions are the keys, sorted; values keep their types.
import type { FieldContext, FieldValue, Getter } from '../../fields/field.js'
import type { FieldRegistry } from '../../fields/registry.js'
import type { Event } from '../../model/event.js'
import type { ByteWriter } from '../../render/bytes/byte-writer.js'
import { EncodedText } from '../../render/bytes/encoded-text.js'
import { jsonText } from '../../render/escape.js'
import { type Appender, appender, bytesText, direction, eventType, processName, truncationOf } from './appenders.js'
import type { Expression } from './expression.js'
import { inJson } from './json-value.js'
import { parseFormat } from './parse.js'
import { absencesOf, line, literal, type Step } from './sequence.js'
import type { Template } from './template.js'

const COMMA = 44
const NULL = new EncodedText('null')

/** Compiles a format into JSON lines. Absent values are null; without a leading star such lines are omitted. */
export function compileJson(text: string, registry: FieldRegistry, ctx: FieldContext): Template {
  const { keep, parts } = parseFormat(text, registry)
  const byKey = new Map<string, Expression>()
  for (const p of parts) if (typeof p !== 'string') byKey.set(p.expression.text, p.expression)
  const entries = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))
  const steps = entries.flatMap(([key, x], i): Step[] => [
    { append: literal(`${i === 0 ? '{' : ','}${JSON.stringify(key)}:`), orAbsent: false, steady: true },
    {
      append: jsonAppender(inJson(x, registry), ctx),
      orAbsent: keep,
      steady: x.use?.def.steady === true,
      absence: keep ? undefined : { field: key, lines: 0 },
    },
    ...truncation(x, byKey),
  ])
  steps.push({ append: literal(steps.length === 0 ? '{}\n' : '}\n'), orAbsent: false, steady: true })
  const run = line(steps, NULL)
  return {
    absences: absencesOf(steps),
    fieldsUsed: [...new Set(entries.flatMap(([, x]) => x.fields))],
    append(out, e) {
      const start = out.length
      if (run(out, e)) return true
      out.cut(start)
      return false
    },
  }
}

/** Adds that only part of a value was recorded, unless another key already does. */
function truncation(x: Expression, keys: Map<string, Expression>): Step[] {
  const truncated = truncationOf(x)
  if (truncated === undefined || keys.has(truncated.field)) return []
  keys.set(truncated.field, x)
  const text = new EncodedText(`,${JSON.stringify(truncated.field)}:true`)
  const append: Appender = (out, e) => {
    if (truncated.of(e)) out.encoded(text)
    return true
  }
  return [{ append, orAbsent: false, steady: false }]
}

function jsonAppender(x: Expression, ctx: FieldContext): Appender {
  if (x.list) return list(x.make(ctx), ctx)
  if (x.use !== undefined && NUMBERS.has(x.use.name)) return appender(x, ctx)
  if (x.use !== undefined && SAFE_TEXTS.has(x.use.name)) return quoted(appender(x, ctx))
  const name = x.use === undefined ? undefined : NAMES[x.use.name]
  return name === undefined ? scalar(x.make(ctx), ctx) : name(jsonText)
}

/** Integers whose text is valid JSON, written by the fastest appenders. */
const NUMBERS = new Set(['evt.num', 'evt.cpu', 'thread.tid', 'evt.rawtime'])
/** Texts that are written in place; only the quotes are missing. */
const SAFE_TEXTS = new Set(['evt.args', 'evt.info'])
/** Texts that are the same on many lines. */
const NAMES: Readonly<Record<string, (render: (text: string) => string) => Appender>> = {
  'evt.type': eventType,
  'evt.dir': direction,
  'proc.name': processName,
}

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
