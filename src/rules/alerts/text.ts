// An alert as a line of text, as Falco prints it.
import type { Alert } from '../rule.js'
import { isInternal } from './internal.js'
import { jsonOf } from './json-text.js'
import { iso8601, timeOfDay } from './time.js'

/**
 * `HH:MM:SS.nnnnnnnnn: Priority text` in local time, without an end; isoTime: date and time in UTC. The text of an internal alert is
 * followed by its fields, in parentheses.
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
