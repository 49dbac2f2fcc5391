// The reducer: what happened and the state before give the state after, and what is to be done besides drawing.

import { type Input, keyId } from '../input/input.js'
import { commandFor } from '../keys/bindings.js'
import type { Meter, Report, SourceInfo } from '../worker/messages.js'
import { run } from './commands.js'
import { mergeRows } from './gone.js'
import { page, type ShownRow, type Step, step, type UiState, withPage } from './model.js'
import { mouse } from './mouse.js'
import { overlayInput } from './overlays.js'
import { rowsOf, settle } from './selection.js'

export type Action =
  | { readonly kind: 'input'; readonly input: Input /** ms, any origin */; readonly at: number }
  | { readonly kind: 'resize'; readonly width: number; readonly height: number }
  | { readonly kind: 'report'; readonly report: Report /** percent of a CPU that ksys uses */; readonly own?: number }

export function update(s: UiState, a: Action): Step {
  if (a.kind === 'resize') return step(settle({ ...s, width: a.width, height: a.height }))
  if (a.kind === 'report') return reported(s, a.report, a.own)
  return input({ ...s, note: undefined }, a.input, a.at)
}

function input(s: UiState, i: Input, at: number): Step {
  if (i.type === 'mouse') return mouse(s, i, at)
  if (s.overlay !== undefined) return overlayInput(s, s.overlay, i)
  if (i.type !== 'key') return step(s)
  const command = commandFor(keyId(i), 'table')
  return command === undefined ? step(s) : run(s, command)
}

function reported(s: UiState, r: Report, own: number | undefined): Step {
  switch (r.kind) {
    case 'source':
      return step({ ...s, source: r as SourceInfo })
    case 'meter':
      return step({ ...s, meter: r as Meter, own: own ?? s.own })
    case 'detail':
      return s.overlay?.kind === 'detail' && s.overlay.id === r.id
        ? step({ ...s, overlay: { ...s.overlay, detail: r } })
        : step(s)
    case 'note':
      return step({ ...s, note: r.text })
    case 'failed':
      return step({ ...s, failed: r.text })
    case 'refused':
      return r.number === s.number ? step({ ...s, refused: r.text, answer: undefined }) : step(s)
    case 'rows':
      return rows(s, r)
  }
}

function rows(s: UiState, r: Extract<Report, { kind: 'rows' }>): Step {
  if (r.number !== s.number || (s.paused && s.answer !== undefined)) return step(s)
  const view = s.pages[s.pages.length - 1]?.view
  const live = s.source?.live === true && view?.table !== undefined
  const before = live ? (s.answer?.rows ?? []) : []
  const folds = view?.table !== undefined && view.foldBy !== undefined
  const shown: readonly ShownRow[] = live ? mergeRows(before, r, folds) : r.rows.map((x) => ({ ...x, gone: 0 }))
  // the end of a live list stays in view until the person goes elsewhere
  const p = page(s)
  const follows = s.source?.live === true && view?.list !== undefined && (!p.touched || p.at >= rowsOf(s).length - 1)
  const placed = follows ? withPage(s, { selected: undefined, at: shown.length - 1, top: shown.length }) : s
  return step(
    settle({
      ...placed,
      refused: undefined,
      answer: {
        columns: r.columns,
        rows: shown,
        total: r.total,
        sort: r.sort,
        span: r.span,
        progress: r.progress,
        cancelled: r.cancelled,
      },
    }),
  )
}
