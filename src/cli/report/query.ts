// What a report needs from a capture: only the calls that it shows, unless a trace with all calls is written as well.
import { REPORT_FILTER, reportFields } from '../../report/needs.js'
import type { Settings } from '../options/settings.js'
import { checkQuery, type Query } from '../query/query.js'

/** Throws CliError (usage) for an invalid filter. */
export function reportQuery(capture: Settings): { readonly query: Query; readonly warnings: readonly string[] } {
  // first alone, so that an error is shown in the user's text
  const own = checkQuery({ ...capture, quiet: true })
  const filter = capture.filter === '' ? REPORT_FILTER : `(${capture.filter}) and (${REPORT_FILTER})`
  const narrowed = capture.write === undefined ? checkQuery({ ...capture, filter, quiet: true }) : own
  const query: Query = {
    ...narrowed,
    printed: reportFields(capture.redaction?.noBuffers !== true),
    passingOnly: true,
    eventsOnly: false,
  }
  return { query, warnings: own.filter?.warnings ?? [] }
}
