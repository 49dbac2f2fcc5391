// Pages of text that cover the table: their lines, and how far they can be scrolled.
import { type Overlay, page, type UiState } from '../model/model.js'
import { actionLines } from './action.js'
import { detailLines } from './detail.js'
import { help } from './help.js'
import { layout } from './layout.js'
import { legend } from './legend.js'
import type { Span } from './spans.js'

type TextOverlay = Extract<Overlay, { top: number }>

/** Width in cells of a line of text, with a blank on either side. */
export function textWidth(width: number): number {
  return width - 2
}

/** All lines of the page. */
export function pageLines(s: UiState, o: TextOverlay): Span[][] {
  const width = textWidth(s.width)
  if (o.kind === 'detail') return detailLines(o.detail, width)
  if (o.kind === 'action') return actionLines(s, o, width)
  return o.kind === 'help' ? help(width) : legend(page(s).view, s.inside, width)
}

/** Number of visible lines of text. */
export function textHeight(s: UiState): number {
  const l = layout(s)
  return l.body + l.prompt
}

/** The first visible line when the last line is at the bottom. */
export function lastTop(s: UiState, o: TextOverlay): number {
  return Math.max(0, pageLines(s, o).length - textHeight(s))
}
