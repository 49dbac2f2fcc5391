// The reducer: computes the next state and side effects from the state and an input or report.

import { type Input, keyId } from '../input/input.js'
import { commandFor } from '../keys/bindings.js'
import { followsEnd } from '../layout/rows.js'
import { page, type Step, step, type UiState } from '../model/model.js'
import { insideNow, isRaw, requery } from '../model/query.js'
import type { Report, Rows } from '../worker/messages.js'
import { toWanted } from './around.js'
import { run } from './commands.js'
import { atEnd, checkFollowed } from './follow.js'
import { mouse } from './mouse.js'
import { overlayInput } from './overlays.js'
import { settle } from './selection.js'
import { recordSnapshot } from './snapshot.js'

export type Action =
  | { readonly kind: 'input'; readonly input: Input /** ms, any origin */; readonly at: number }
  /** an action has ended, or was refused, with this message */
  | { readonly kind: 'ran'; readonly text: string }
  | { readonly kind: 'resize'; readonly width: number; readonly height: number }
  | { readonly kind: 'report'; readonly report: Report /** percent of a CPU that ksys uses */; readonly own?: number }

export function update(s: UiState, a: Action): Step {
  if (a.kind === 'resize') return step(settle({ ...s, width: a.width, height: a.height }))
  if (a.kind === 'ran') return step({ ...s, note: a.text })
  if (a.kind === 'report') return handleReport(s, a.report, a.own)
  return input({ ...s, note: undefined }, a.input, a.at)
}

function input(s: UiState, i: Input, at: number): Step {
  if (i.type === 'mouse') return mouse(s, i, at)
  if (s.overlay !== undefined) return overlayInput(s, s.overlay, i)
  if (i.type !== 'key') return step(s)
  const place = page(s).view.spectrogram !== undefined ? 'spectrogram' : isRaw(s) ? 'data' : 'table'
  const command = commandFor(keyId(i), place)
  return command === undefined ? step(s) : run(s, command)
}

function handleReport(s: UiState, r: Report, own: number | undefined): Step {
  switch (r.kind) {
    case 'source':
      return source({ ...s, source: r })
    case 'meter':
      return step({ ...s, meter: r, own: own ?? s.own })
    case 'detail':
      return s.overlay?.kind === 'detail' && s.overlay.id === r.id
        ? step({ ...s, overlay: { ...s.overlay, detail: r } })
        : step(s)
    case 'written':
      return step({ ...s, writing: r.progress && { ...r.progress, warned: s.writing?.warned ?? false } })
    case 'note':
      return step({ ...s, note: r.text, damaged: s.damaged || r.damage === true })
    case 'failed':
      return step({ ...s, failed: r.text })
    case 'refused':
      return r.number === s.number ? step({ ...s, refused: r.text, result: undefined }) : step(s)
    case 'rows':
      return rows(s, r)
  }
}

/** Shows more columns once there are containers or pods; a paused page waits for the next query. */
function source(s: UiState): Step {
  const inside = insideNow(s)
  const { containers, pods } = inside
  const same = containers === s.inside.containers && pods === (s.inside.pods ?? false)
  if (same || s.held) return step(s)
  // the result of a file has these columns already
  if (s.file !== undefined) return step({ ...s, inside })
  const { state, effects } = requery(s)
  // the present result stays until the new one arrives
  return step({ ...state, result: s.result }, ...effects)
}

function rows(s: UiState, r: Rows): Step {
  if (r.number !== s.number) return step(s)
  const next = recordSnapshot(s, r)
  if (next.result === s.result) return step(next)
  if (page(s).wanted !== undefined) return step(toWanted(next))
  return step(followsEnd(s) ? atEnd(next) : settle(checkFollowed(next)))
}
