// What metrics need from a capture: counts of calls if the kernel can count by the labels and the filter, otherwise calls with the fields
// of the labels.
import { needsOnlyRow } from '../../fields/row-only.js'
import { decidedByType } from '../../filter/index.js'
import { measuresLatency } from '../../metrics/latency-buckets.js'
import type { Redaction } from '../../redact/redaction.js'
import { cgroupTree } from '../../source/cgroups.js'
import type { MetricsSettings } from '../options/metrics.js'
import { checkQuery, type Query } from '../query/query.js'

/** The fields that every series needs. */
const COUNTED = ['evt.type', 'evt.res']

export interface MetricsQuery {
  readonly query: Query
  /** the kernel counts calls: by event code, what counts of them (decidedByType(); undefined: all); undefined: it records them */
  readonly counted: { readonly passing: Uint8Array | undefined } | undefined
}

function changesLabels({ namespace, rules }: Redaction): boolean {
  return namespace !== undefined || rules.length > 0
}

/** Throws CliError (usage) for an invalid filter. */
export function metricsQuery({ capture, dimensions, buckets }: MetricsSettings): MetricsQuery {
  const query = { ...checkQuery({ ...capture, quiet: true }), passingOnly: true }
  const { filter } = query
  const fields = dimensions.flatMap((d) => d.fields ?? [])
  const printed = [...COUNTED, ...(measuresLatency(buckets) ? ['evt.latency'] : []), ...fields]
  const passing = filter && decidedByType(filter)
  const decided = filter === undefined || passing !== undefined
  const { read, redaction } = capture
  // the kernel cannot evaluate redaction rules and pods
  const live = read.length === 0 && (redaction === undefined || !changesLabels(redaction))
  // the kernel identifies cgroups by number
  const named = !dimensions.some((d) => d.ofContainer) || cgroupTree().size > 0
  if (live && decided && named)
    return { query: { ...query, printed, eventsOnly: true, counted: 'programs' }, counted: { passing } }
  const eventsOnly = [...printed, ...(filter?.fieldsUsed ?? [])].every(needsOnlyRow)
  return { query: { ...query, printed, eventsOnly }, counted: undefined }
}
