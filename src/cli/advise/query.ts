// What `ksys advise` needs from captures: the calls of the user's filter, and in any case the events that show what processes are.
import { STEPS } from '../../advise/needs/steps.js'
import { registry } from '../../fields/index.js'
import { type CheckedFilter, checkFilter } from '../../filter/index.js'
import { throughRedaction } from '../../redact/opaque.js'
import type { Settings } from '../options/settings.js'
import { checkQuery, type Query, spanFilter, suppressFilter } from '../query/query.js'

/** Without a filter, only containers are of interest. */
const CONTAINERS = 'container.id != host'

export interface AdviseQuery {
  readonly query: Query
  /** which events count; undefined: all */
  readonly passing: CheckedFilter | undefined
  /** what the advice is about: the user's filter, or all containers, at any time; undefined: everything */
  readonly subject: CheckedFilter | undefined
  /** the user's filter for any time, as text; '': everything */
  readonly own: string
  /** processes outside of containers are of interest, too */
  readonly host: boolean
}

/** types: the event types that matter; undefined: all. Throws CliError (usage) for an invalid filter. */
export function adviseQuery(s: Settings, types?: readonly string[]): AdviseQuery {
  const { filter, format, color, printed } = checkQuery(s)
  const host = s.filter !== '' || s.command !== undefined
  const own = [s.filter, suppressFilter(s)].filter(Boolean).map((part) => `(${part})`)
  const subject = [...(host ? [] : [CONTAINERS]), ...own]
  const limits = [
    ...(types === undefined ? [] : [`evt.type in (${types.join(', ')})`]),
    ...[spanFilter(s)].filter(Boolean),
  ]
  const selected = [...limits, ...subject].join(' and ')
  const wide = selected === '' ? undefined : checkFilter(`(${selected}) or evt.type in (${STEPS.join(', ')})`, registry)
  return {
    query: {
      filter: wide && throughRedaction(wide, s.redaction),
      format,
      color,
      printed: [...printed, ...NEEDED],
      containers: true,
      bound: { passing: undefined },
      inFlight: true,
    },
    passing: filter,
    subject: subject.length === 0 ? undefined : checkFilter(subject.join(' and '), registry),
    own: own.join(' and '),
    host,
  }
}

/** Refused calls have no latency. */
const NEEDED = ['evt.latency', 'container.name', 'k8s.controller.name']
