// A report as JSON: one object, on lines of its own, so that files of it can be compared as text.
import { harmlessJson } from '../render/escape.js'
import { JSON_VERSION } from '../render/json-version.js'
import type { Comparison } from './page.js'
import type { Report } from './report.js'

/** The JSON of a report, which ends with a line end. Absent values are null. */
export function jsonOf(report: Report, compared: Comparison | undefined): string {
  const value = {
    ...{ schema: JSON_VERSION, kind: 'report' },
    ...report,
    ...(compared !== undefined && { new: compared.rows }),
  }
  return `${harmlessJson(JSON.stringify(value, absentAsNull, 2))}\n`
}

function absentAsNull(_key: string, value: unknown): unknown {
  return value === undefined ? null : value
}
