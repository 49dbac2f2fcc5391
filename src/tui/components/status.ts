// A few words about the capture or the file, for the end of the first line.
import { span } from '../layout/numbers.js'
import { age } from '../state/history.js'
import type { UiState } from '../state/model.js'
import { clean } from '../terminal/width.js'

/** The longest first: the others are for where there is less room. */
export function statusesOf(s: UiState): readonly string[] {
  const { source, meter } = s
  const isLive = s.failed === undefined && !s.held && source?.live === true
  if (!isLive || meter?.kept === undefined) return [statusOf(s)]
  return [`live, last ${span(meter.kept)} kept  ${clean(source.host)}`, statusOf(s)]
}

function statusOf(s: UiState): string {
  const { source, answer } = s
  if (s.failed !== undefined) return 'STOPPED'
  if (s.held)
    return age(s) > 0 ? `PAUSED ${span(age(s) * 1e6)} ago  [ older  ] newer  p goes on` : 'PAUSED  [ older  p goes on'
  if (source === undefined) return 'starting …'
  const where = clean(source.live ? source.host : source.label)
  if (answer?.progress !== undefined && !answer.cancelled)
    return `reading ${Math.floor(answer.progress * 100)} % (Esc stops)  ${where}`
  if (answer?.cancelled) return `read in part  ${where}`
  if (!source.live) return s.damaged ? `DAMAGED  ${where}` : where
  return `live  ${where}`
}
