// An alert as a line of JSON, as Falco prints it, with the keys that falcosidekick reads.
import type { Alert } from '../rule.js'
import { isInternal } from './internal.js'
import { jsonObject, jsonOf } from './json-text.js'
import { alertLine } from './text.js'
import { rfc3339 } from './time.js'

/** Which properties the objects have besides those that all have (hostname, priority, rule, source, time). */
export interface JsonInclude {
  /** the line of text */
  readonly output: boolean
  /** the same without time and priority */
  readonly message: boolean
  readonly outputFields: boolean
  readonly tags: boolean
}

/** What Falco includes unless its settings say otherwise. */
export const USUAL_JSON: JsonInclude = { output: true, message: false, outputFields: true, tags: true }

/** One object, its keys sorted, without an end. isoTime: of the time within `output`, as alertLine() has it. */
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
