// Values of alerts as JSON: 64-bit numbers keep all digits, and texts are escaped to be safe on a terminal.
import { jsonText } from '../../render/escape.js'
import type { AlertValue } from '../rule.js'

/** Most texts: printable ASCII without a character to escape. */
const PLAIN = /^[ !#-[\]-~]*$/

/** JSON of a text. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : jsonText(text)
}

/** JSON of a value; null if absent. */
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

/** JSON of an object whose values are already JSON; keys are sorted. */
export function jsonObject(entries: Iterable<readonly [key: string, json: string]>): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, json]) => `${quoted(key)}:${json}`).join(',')}}`
}
