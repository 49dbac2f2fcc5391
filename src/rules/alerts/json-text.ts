// Values of alerts as JSON: numbers of 64 bits keep their digits, texts are harmless on a terminal.
import { jsonText } from '../../format/text/escape.js'
import type { AlertValue } from '../rule.js'

/** Most texts: printable ASCII of which nothing needs to be escaped. */
const PLAIN = /^[ !#-[\]-~]*$/

/** JSON of a text. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : jsonText(text)
}

/** JSON of a value; of one that is absent, null. */
export function jsonOf(value: AlertValue): string {
  switch (typeof value) {
    case 'undefined':
      return 'null'
    case 'string':
      return quoted(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null'
    case 'object':
      return `[${value.map(jsonOf).join(',')}]`
    default:
      return String(value)
  }
}

/** JSON of an object whose values are JSON already, its keys sorted. */
export function jsonObject(entries: Iterable<readonly [key: string, json: string]>): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, json]) => `${quoted(key)}:${json}`).join(',')}}`
}
