// What metrics ask of a capture: the fields that their labels are of, latencies, and of threads no more than these need.
import { isOfEvent } from '../../fields/of-event.js'
import type { MetricsSettings } from '../options/metrics.js'
import { checkQuery, type Query } from '../query/query.js'

/** What every series counts. */
const COUNTED = ['evt.type', 'evt.latency', 'evt.res']

/** Throws CliError (usage) where the filter is wrong. */
export function metricsQuery({ capture, dimensions }: MetricsSettings): Query {
  const query = checkQuery({ ...capture, quiet: true })
  const printed = [...COUNTED, ...dimensions.flatMap((d) => d.fields ?? [])]
  const fields = [...printed, ...(query.filter?.fieldsUsed ?? [])]
  return { ...query, printed, eventsOnly: fields.every(isOfEvent), passingOnly: true }
}
