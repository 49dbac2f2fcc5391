// Output as JSON: one object per line.

import { harmlessJson } from '../../render/escape.js'
import type { OutputFormat } from '../outputs.js'

const json: OutputFormat = {
  name: 'json',
  option: { short: 'j', long: 'json', unit: 'JSON object', summary: 'print one JSON object a line' },
  lines: async () => (await import('../template/json.js')).compileJson,
  value: jsonLine,
}
export default json

/** A value as a line of JSON, with its line feed. */
export function jsonLine(value: unknown): string {
  const bare = '\u0001big:'
  const text = JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${bare}${v}` : v))
  return `${harmlessJson(text.replace(/"\\u0001big:(-?\d+)"/g, '$1'))}\n`
}
