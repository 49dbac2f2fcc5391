// Builds alerts from events. The output of each rule, with what is appended to it, is compiled once.

import { type FieldContext, stateOf } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { type Truncation, truncationOf } from '../../format/template/appenders.js'
import { type Expression, FormatError, parseExpression } from '../../format/template/expression.js'
import { jsonValue } from '../../format/template/json-value.js'
import { type Column, parseFormat } from '../../format/template/parse.js'
import { compileTemplate } from '../../format/template/template.js'
import type { Event } from '../../model/event.js'
import { epochOf } from '../../model/time.js'
import { ByteWriter } from '../../render/bytes/byte-writer.js'
import { escapeText } from '../../render/escape.js'
import type { Alert, AlertValue, Rule } from '../rule.js'
import { type Appended, type AppendOutput, appendedTo } from './append-output.js'
import { jsonOf } from './json-text.js'

export interface AlertOptions {
  /** host name in alerts; undefined: the capture's */
  readonly hostname?: string | undefined
  /** times are ISO 8601 in UTC, and JSON has evt.time.iso8601 instead of evt.time */
  readonly isoTime: boolean
  readonly appendOutput: readonly AppendOutput[]
  /** append the suggested fields to every output, whatever appendOutput contains */
  readonly suggested: boolean
  /** buffers are complete and in base64 */
  readonly bufferBase64: boolean
  /** fields whose values define the group of an alert; undefined: alerts have no group */
  readonly groupBy?: readonly string[] | undefined
}

export interface AlertMaker {
  /** the fields that alerts print, for planning the capture */
  readonly fieldsUsed: readonly string[]
  /** The alert for the event under the cursor. The rule must be one of those given to alertMaker(). */
  make(rule: Rule, e: Event): Alert
}

/** The compiled text and fields of a rule's alerts. */
interface Output {
  readonly text: (e: Event) => string
  readonly values: readonly NamedValue[]
  /** fields that JSON adds for values that were recorded only in part */
  readonly truncations: readonly Truncation[]
}

type NamedValue = readonly [name: string, value: (e: Event) => AlertValue]

/** The format of a rule's output with what is appended to it. */
interface OutputFormat {
  readonly format: string
  readonly appended: Appended
}

/** Builds the alerts of these rules. Throws FormatError if an output or what is appended to it is not a valid format. */
export function alertMaker(rules: readonly Rule[], context: FieldContext, options: AlertOptions): AlertMaker {
  const ctx = options.bufferBase64 ? withBase64(context) : context
  const { appendOutput, suggested, isoTime, hostname, groupBy } = options
  const timeField = isoTime ? 'evt.time.iso8601' : 'evt.time'
  const formats = new Map(rules.map((rule) => [rule, outputFormat(rule, appendOutput, suggested)]))
  const outputs = new Map<Rule, Output>()
  const outputOf = (rule: Rule): Output => {
    const known = outputs.get(rule)
    if (known !== undefined) return known
    const compiled = compileOutput(formats.get(rule) as OutputFormat, ctx)
    outputs.set(rule, compiled)
    return compiled
  }
  const groupedBy = groupBy?.map(fieldAt)
  const groupValues = groupedBy?.map((expression) => jsonValue(expression, ctx, registry))
  return {
    fieldsUsed: [
      ...new Set([...formats.values()].flatMap(fieldsOf).concat((groupedBy ?? []).flatMap((x) => x.fields))),
    ],
    make(rule, e) {
      const { text, values, truncations } = outputOf(rule)
      const time = epochOf(ctx.info, e.time)
      const fields = new Map<string, AlertValue>(values.map(([name, value]) => [name, value(e)]))
      fields.set(timeField, time)
      for (const { field, of } of truncations) if (of(e)) fields.set(field, true)
      const alert = { rule, time, hostname: hostname ?? stateOf(ctx, e).info.hostname, text: text(e), fields }
      return groupValues === undefined ? alert : { ...alert, group: groupOf(rule, groupValues, e) }
    },
  }
}

function outputFormat(rule: Rule, entries: readonly AppendOutput[], suggested: boolean): OutputFormat {
  const appended = appendedTo(rule, entries, suggested)
  return { format: withStar([rule.output.trim(), ...appended.formats].join(' ')), appended }
}

/** The format with its leading star: absent values are printed as <NA> instead of suppressing the line. */
function withStar(format: string): string {
  return format.startsWith('*') ? format : `*${format}`
}

function columns(format: string): Column[] {
  return parseFormat(format, registry).parts.filter((part) => typeof part !== 'string')
}

/** The fields that alerts of this output need. */
function fieldsOf({ format, appended: { fields, texts } }: OutputFormat): string[] {
  const inFormats = [format, ...texts.values()].flatMap(columns).map((column) => column.expression)
  const alone = fields.map(fieldAt)
  return [...inFormats, ...alone].flatMap((expression) => expression.fields)
}

function compileOutput({ format, appended }: OutputFormat, ctx: FieldContext): Output {
  const own = columns(format).map(
    ({ expression }): NamedValue => [expression.text, jsonValue(expression, ctx, registry)],
  )
  const fields = appended.fields.map((name): NamedValue => [name, jsonValue(fieldAt(name), ctx, registry)])
  const texts = [...appended.texts].map(([name, text]): NamedValue => [name, lineOf(withStar(text), ctx)])
  const truncations = [...columns(format).map((c) => c.expression), ...appended.fields.map(fieldAt)].flatMap(
    (expression) => truncationOf(expression) ?? [],
  )
  return { text: lineOf(format, ctx), values: [...own, ...fields, ...texts], truncations }
}

/** A field, or transformers around fields. Throws FormatError if the name is neither. */
function fieldAt(name: string): Expression {
  const { expression, end } = parseExpression(name, 0, registry)
  if (end < name.length) throw new FormatError('unexpected text after the field', end, name.length - end, name)
  return expression
}

/** The text of a format as one line: line ends, also those in the format, are escaped. */
function lineOf(format: string, ctx: FieldContext): (e: Event) => string {
  const template = compileTemplate(format, registry, ctx)
  const out = new ByteWriter(1024)
  return (e) => {
    out.cut(0)
    template.append(out, e)
    return escapeText(out.toString().slice(0, -1))
  }
}

function groupOf(rule: Rule, values: readonly ((e: Event) => AlertValue)[], e: Event): string {
  return jsonOf([rule.name, ...values.map((value) => value(e))])
}

function withBase64({ rules: _, ...ctx }: FieldContext): FieldContext {
  return { ...ctx, format: { ...ctx.format, buffer: 'base64', fullBuffers: true } }
}
