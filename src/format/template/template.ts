// Compiled formats: the line of text for an event, built from appenders that are chosen once.
import type { FieldContext } from '../../fields/field.js'
import type { FieldRegistry } from '../../fields/registry.js'
import type { Event } from '../../model/event.js'
import { ByteWriter } from '../../render/bytes/byte-writer.js'
import { EncodedText } from '../../render/bytes/encoded-text.js'
import { upTo, width } from '../text/width.js'
import type { Absence } from './absences.js'
import { type Appender, appender } from './appenders.js'
import { type Column, parseFormat } from './parse.js'
import { absencesOf, line, literal, type Step } from './sequence.js'

export { CONTAINER_LINE, defaultLine, POD_LINE, withHost } from './default-lines.js'
export { FormatError } from './expression.js'

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

const ABSENT = new EncodedText('<NA>')

/** Compiles a format for one capture. Throws FormatError. */
export function compileTemplate(text: string, registry: FieldRegistry, ctx: FieldContext): Template {
  const { keep, parts } = parseFormat(text, registry)
  const steps = parts.map((p): Step => {
    if (typeof p === 'string') return { append: literal(p), orAbsent: false, steady: true }
    const absence = keep ? undefined : { field: p.expression.text, lines: 0 }
    if (p.width > 0) return { append: column(p, ctx, keep), orAbsent: false, steady: false, absence }
    return {
      absence,
      append: appender(p.expression, ctx),
      orAbsent: keep,
      steady: p.expression.use?.def.steady === true,
    }
  })
  steps.push({ append: literal('\n'), orAbsent: false, steady: true })
  const run = line(steps, ABSENT)
  const fieldsUsed = [...new Set(parts.flatMap((p) => (typeof p === 'string' ? [] : p.expression.fields)))]
  return {
    fieldsUsed,
    absences: absencesOf(steps),
    append(out, e) {
      const start = out.length
      if (run(out, e)) return true
      out.cut(start)
      return false
    },
  }
}

const SPACE = 32

/** A value in an exact number of columns: padded with blanks or cut. */
function column(c: Column, ctx: FieldContext, keep: boolean): Appender {
  const value = appender(c.expression, ctx)
  const own = new ByteWriter(256)
  return (out, e) => {
    own.cut(0)
    if (!value(own, e)) {
      if (!keep) return false
      own.encoded(ABSENT)
    }
    const text = upTo(own.toString().replaceAll(/[\n\t]/g, ' '), c.width)
    const fill = c.width - width(text)
    if (c.right) blanks(out, fill)
    out.trusted(text)
    if (!c.right) blanks(out, fill)
    return true
  }
}

function blanks(out: ByteWriter, n: number): void {
  for (let i = 0; i < n; i++) out.byte(SPACE)
}
