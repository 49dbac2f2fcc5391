// What a run requests from a file.
import { type ReadNeeds, readRequest } from '../../run/read-request.js'
import type { ReadRequest } from '../../source/read-request.js'
import type { Settings } from '../options/settings.js'
import type { Query } from './query.js'

/** The request for one file. fields: fields that are used in addition to those of the query. */
export function requestOf(
  s: Pick<Settings, 'write' | 'inFlight' | 'redaction' | 'enter' | 'seconds'>,
  q: Pick<Query, 'filter' | 'printed' | 'passingOnly' | 'span' | 'containers' | 'inFlight'>,
  fields: readonly string[] = [],
): ReadRequest {
  const { filter, printed, span, containers, inFlight } = q
  return readRequest({
    filter,
    fields: [...printed, ...fields],
    looksAt: lookedAt(s, q),
    span,
    everyTime: s.seconds !== undefined,
    containers,
    inFlight,
    enter: s.enter,
    redaction: s.redaction,
  })
}

function lookedAt(
  { inFlight, write }: Pick<Settings, 'write' | 'inFlight'>,
  q: Pick<Query, 'passingOnly'>,
): ReadNeeds['looksAt'] {
  if (inFlight) return 'calls in flight'
  if (q.passingOnly === false) return 'state'
  return write === undefined ? 'passing' : 'kept'
}
