// The filter by which a live capture is planned.
import { registry } from '../fields/index.js'
import { bothOf, type CheckedFilter, checkFilter } from '../filter/index.js'
import type { Redaction } from '../redact/redaction.js'

/** A run's filter and, where one namespace alone may be told, that: the kernel does not record what cannot be in it. */
export function plannedFilter(
  filter: CheckedFilter | undefined,
  redaction: Pick<Redaction, 'namespace'> | undefined,
): CheckedFilter | undefined {
  if (redaction?.namespace === undefined) return filter
  const inside = checkFilter(`k8s.ns.name = "${redaction.namespace}"`, registry)
  return filter === undefined ? inside : bothOf(filter, inside)
}
