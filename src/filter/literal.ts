// Printing values in the syntax of the filter language.
import type { FieldValue } from '../fields/field.js'

/** A value in filter syntax: quoted unless it is a plain word. */
export function literal(value: FieldValue): string {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  const text = plainText(value)
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text
  const quoted = text.replace(/[\\"\0-\x1f\x7f]|[\udc80-\udcff]/g, (c) => {
    const known = ESCAPES[c]
    if (known !== undefined) return known
    return `\\x${(c.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`
  })
  return `"${quoted}"`
}

/** A value as text; bytes become one character each. */
export function plainText(value: FieldValue | undefined): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
}
