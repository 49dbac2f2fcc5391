// The filter that a live capture is planned with.
import { registry } from '../fields/index.js'
import { bothOf, type CheckedFilter, checkFilter } from '../filter/index.js'
import type { Redaction } from '../redact/redaction.js'

/**
 * The run's filter, combined with the only visible namespace, if there is one: the kernel then skips events outside it.
 */
export function plannedFilter(
  filter: CheckedFilter | undefined,
  redaction: Pick<Redaction, 'namespace'> | undefined,
): CheckedFilter | undefined {
  if (redaction?.namespace === undefined) return filter
  const inside = checkFilter(`k8s.ns.name = "${redaction.namespace}"`, registry)
  return filter === undefined ? inside : bothOf(filter, inside)
}
