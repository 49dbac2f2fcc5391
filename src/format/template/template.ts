// Formats as lines of text.
import type { FieldContext } from '../../fields/field.js'
import type { FieldRegistry } from '../../fields/registry.js'
import { ByteWriter } from '../../render/bytes/byte-writer.js'
import { EncodedText } from '../../render/bytes/encoded-text.js'
import { upTo, width } from '../text/width.js'
import { type Appender, appender } from './appenders.js'
import { compileLine, type LineStyle, type Template } from './line.js'
import type { Column } from './parse.js'

export { CONTAINER_LINE, defaultLine, POD_LINE, withHost } from './default-lines.js'
export { FormatError } from './expression.js'

const ABSENT = new EncodedText('<NA>')

const TEXT: LineStyle = {
  absent: ABSENT,
  parts: (format) => [...format, '\n'],
  value: (c, ctx, _, keep) => (c.width > 0 ? column(c, ctx, keep) : appender(c.expression, ctx)),
}

/** Compiles a format into lines of text. Throws FormatError. */
export function compileTemplate(text: string, registry: FieldRegistry, ctx: FieldContext): Template {
  return compileLine(text, registry, ctx, TEXT)
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
