// Shows and masks the data of I/O calls, in one of several styles.

import { type Step, step, type UiState } from '../model/model.js'
import { isRaw, requery } from '../model/query.js'

/** Shows or masks data. Live, this also starts or stops retaining the data of all calls. */
export function toggleMask(s: UiState): Step {
  const masked = !s.masked
  const now = masked ? 'data are masked again' : 'data are shown: B masks them again'
  const note = isRaw(s) ? undefined : `${now}; e shows those of the selection`
  const next = isRaw(s) ? requery({ ...s, masked }) : step({ ...s, masked, note })
  if (s.file !== undefined) return next
  return step(next.state, ...next.effects, { kind: 'send', request: { kind: 'arm', armed: !masked } })
}

/** Shows data in another style. */
export function showAs(s: UiState, dataStyle: UiState['dataStyle']): Step {
  const next: UiState = { ...s, dataStyle, note: s.masked ? 'data are masked: B shows them so' : undefined }
  return s.masked ? step(next) : requery(next)
}
