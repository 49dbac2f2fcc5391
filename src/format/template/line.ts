// Compiles a format to the line of an event, built from appenders that are chosen once. Text, JSON and CSV are styles of lines.
import type { FieldContext } from '../../fields/field.js'
import type { FieldRegistry } from '../../fields/registry.js'
import type { Event } from '../../model/event.js'
import type { ByteWriter } from '../../render/bytes/byte-writer.js'
import type { EncodedText } from '../../render/bytes/encoded-text.js'
import type { Absence } from './absences.js'
import type { Appender } from './appenders.js'
import { type Column, parseFormat } from './parse.js'
import { absencesOf, line, literal, type Step } from './sequence.js'

/** Writes the line of an event. */
export interface Template {
  /** the fields in it, as written with their arguments */
  readonly fieldsUsed: readonly string[]
  /** its fields, with the number of lines omitted because of each */
  readonly absences: readonly Absence[]
  /**
   * Appends the event's line. Returns false, having written nothing, if a value is absent and the format has no leading
   * star.
   */
  append(out: ByteWriter, e: Event): boolean
}

/** A part of a line: a constant text, a value, or an addition that depends on the event and is never absent. */
export type LinePart = string | Column | Appender

/** How an output format writes lines. */
export interface LineStyle {
  /** written for an absent value in lines that are kept */
  readonly absent: EncodedText
  /** The parts of a line and its end, from the parts of a format. */
  parts(format: readonly (string | Column)[]): readonly LinePart[]
  /** The appender for a value. keep: lines with absent values are kept. */
  value(c: Column, ctx: FieldContext, registry: FieldRegistry, keep: boolean): Appender
}

/** Compiles a format for one capture. Throws FormatError. */
export function compileLine(text: string, registry: FieldRegistry, ctx: FieldContext, style: LineStyle): Template {
  const format = parseFormat(text, registry)
  const { keep } = format
  const parts = style.parts(format.parts)
  const steps = parts.map((p): Step => {
    if (typeof p === 'string') return { append: literal(p), orAbsent: false, steady: true }
    if (typeof p === 'function') return { append: p, orAbsent: false, steady: false }
    const { text: field, use } = p.expression
    return {
      append: style.value(p, ctx, registry, keep),
      orAbsent: keep,
      steady: use?.def.steady === true,
      absence: keep ? undefined : { field, lines: 0 },
    }
  })
  const run = line(steps, style.absent)
  return {
    fieldsUsed: [...new Set(parts.flatMap((p) => (typeof p === 'object' ? p.expression.fields : [])))],
    absences: absencesOf(steps),
    append(out, e) {
      const start = out.length
      if (run(out, e)) return true
      out.cut(start)
      return false
    },
  }
}
