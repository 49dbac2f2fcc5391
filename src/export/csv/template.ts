// Compiles an output format into lines of CSV: its expressions are the columns; the text between them is ignored.
import { Clock } from '../../fields/clock.js'
import type { FieldContext, Getter } from '../../fields/field.js'
import type { FieldRegistry } from '../../fields/registry.js'
import { type Appender, appender, bytesText, directAppender } from '../../format/template/appenders.js'
import type { Expression } from '../../format/template/expression.js'
import { compileLine, type LineStyle, type Template } from '../../format/template/line.js'
import { type Column, parseFormat } from '../../format/template/parse.js'
import { EncodedText } from '../../render/bytes/encoded-text.js'
import { escapeText } from '../../render/escape.js'
import { Cells } from './cells.js'
import { type CsvBuffer, csvText } from './csv-buffer.js'

export const LINE_END = '\r\n'

export interface CsvTemplate extends Template {
  /** the line of column names, with its line end */
  readonly header: string
}

const CSV: LineStyle = {
  absent: new EncodedText(''),
  parts: (format) => [...columnsOf(format).flatMap((c, i) => (i === 0 ? [c] : [',', c])), LINE_END],
  value: (c, ctx) => cell(c.expression, ctx),
}

function columnsOf(format: readonly (string | Column)[]): Column[] {
  return format.filter((p) => typeof p !== 'string')
}

/** Compiles a format into a template that appends lines to a CsvBuffer. Throws FormatError. */
export function compileCsv(text: string, registry: FieldRegistry, ctx: FieldContext): CsvTemplate {
  const names = columnsOf(parseFormat(text, registry).parts).map((c) => csvText(c.expression.text))
  return { ...compileLine(text, registry, ctx, CSV), header: names.join(',') + LINE_END }
}

/** Types whose values are numbers. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'double'],
  ...['reltime', 'abstime', 'port', 'fd', 'pid', 'errno'],
])
/** Fields whose appenders write the text directly. */
const WRITTEN_DIRECTLY: ReadonlySet<string> = new Set(['evt.args', 'evt.arg', 'evt.info'])

function cell(x: Expression, ctx: FieldContext): Appender {
  const { use } = x
  if (use !== undefined && isTimeOfDay(use.name, use.def.json, ctx)) return isoTime(ctx)
  const direct = directAppender(x, ctx, (text) => csvText(escapeText(text)))
  if (direct !== undefined) return direct
  if (use !== undefined && WRITTEN_DIRECTLY.has(use.name)) return quoted(appender(x, ctx))
  if (x.list) return quoted(appender(x, ctx))
  if (NUMBERS.has(x.type)) return number(x.make(ctx))
  if (x.type === 'bool') return appender(x, ctx)
  return value(x.make(ctx), ctx)
}

/** Times of day are full dates, unless -t selects another style. */
function isTimeOfDay(name: string, json: string | undefined, { format }: FieldContext): boolean {
  return json === 'evt.rawtime' && (name !== 'evt.outputtime' || format.timeStyle === 'h')
}

function quoted(text: Appender): Appender {
  const cells = new Cells()
  return (out, e) => cells.appended(out as CsvBuffer, text, e)
}

/** Plain decimal numbers, regardless of the base in lines; other values are absent. */
function number(get: Getter): Appender {
  return (out, e) => {
    const v = get(e)
    if (typeof v === 'number') {
      if (!Number.isFinite(v)) return false
      out.int(v)
    } else if (v === undefined) return false
    else out.trusted(String(v))
    return true
  }
}

/** Texts, bytes, and values of varying type. */
function value(get: Getter, ctx: FieldContext): Appender {
  const cells = new Cells()
  return (out, e) => {
    const v = get(e)
    if (v === undefined) return false
    if (typeof v === 'number') out.int(v)
    else if (typeof v === 'bigint' || typeof v === 'boolean') out.trusted(String(v))
    else cells.text(out as CsvBuffer, v instanceof Uint8Array ? bytesText(v, ctx) : String(v))
    return true
  }
}

const LETTER_Z = 90

/** Appends the time of an event as ISO 8601, in UTC with nanoseconds; nothing if a damaged file has an invalid date. */
function isoTime({ info }: FieldContext): Appender {
  const clock = new Clock(info)
  let head: EncodedText | undefined
  let shown = Number.NaN
  return (out, e) => {
    clock.set(e.time)
    if (clock.sec !== shown) {
      shown = clock.sec
      const date = new Date(clock.sec * 1000)
      head = Number.isNaN(date.getTime()) ? undefined : new EncodedText(`${date.toISOString().slice(0, -5)}.`)
    }
    if (head === undefined) return false
    out.encoded(head)
    out.nine(clock.ns)
    out.byte(LETTER_Z)
    return true
  }
}
