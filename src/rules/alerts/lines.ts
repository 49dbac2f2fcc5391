// An alert as Falco prints it: a line of text, or a line of JSON with the keys that falcosidekick reads.
import type { Alert } from '../rule.js'
import { isInternal } from './internal.js'
import { jsonObject, jsonOf } from './json-text.js'
import { iso8601, rfc3339, timeOfDay } from './time.js'

/**
 * `HH:MM:SS.nnnnnnnnn: Priority text` in local time, without a line end; isoTime: date and time in UTC. An internal alert's text is
 * followed by its fields in parentheses.
 */
export function alertLine(alert: Alert, isoTime: boolean): string {
  const { rule, text, fields } = alert
  const time = isoTime ? iso8601(alert.time) : timeOfDay(alert.time)
  return `${time}: ${rule.priority} ${isInternal(alert) ? `${text} (${pairs(fields)})` : text}`
}

function pairs(fields: Alert['fields']): string {
  const sorted = [...fields].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([name, value]) => `${name}=${jsonOf(value)}`).join(' ')
}

/** Which properties the objects have besides hostname, priority, rule, source and time. */
export interface JsonInclude {
  /** the line of text */
  readonly output: boolean
  /** the same without time and priority */
  readonly message: boolean
  readonly outputFields: boolean
  readonly tags: boolean
}

/** One object with sorted keys, without a line end. isoTime: for the time in `output`, see alertLine(). */
export function alertJson(alert: Alert, include: JsonInclude, isoTime: boolean): string {
  const { rule, hostname, text, fields, time } = alert
  const internal = isInternal(alert)
  const entries: [key: string, json: string][] = [
    ['hostname', jsonOf(hostname)],
    ['priority', jsonOf(rule.priority)],
    ['rule', jsonOf(rule.name)],
    ['source', jsonOf(rule.source)],
    ['time', jsonOf(rfc3339(time))],
  ]
  if (internal || include.output) entries.push(['output', jsonOf(internal ? text : alertLine(alert, isoTime))])
  if (internal || include.outputFields) {
    const values = [...fields].map(([name, value]) => [name, jsonOf(value)] as const)
    entries.push(['output_fields', jsonObject(values)])
  }
  if (!internal && include.message) entries.push(['message', jsonOf(text)])
  if (!internal && include.tags) entries.push(['tags', jsonOf([...new Set(rule.tags)].sort())])
  return jsonObject(entries)
}
