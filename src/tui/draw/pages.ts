// Pages of text in the place of the table: what is on them, and how far they can be scrolled.
import { type Overlay, page, type UiState } from '../state/model.js'
import { detailLines } from './detail.js'
import { layout } from './layout.js'
import { help, legend } from './menus.js'
import { fitLine } from './spans.js'
import type { Span } from './theme.js'

type TextPage = Extract<Overlay, { top: number }>

/** The page, as many lines as are left for it. */
export function textPage(s: UiState, o: TextPage): Span[][] {
  const { width } = layout(s)
  const content = contentOf(s, o)
  const room = textRoom(s)
  const from = Math.min(o.top, Math.max(0, content.length - room))
  const more = content.length > from + room ? '  ↓ more' : ''
  const out: Span[][] = [fitLine([[` Esc closes${more}`, 'sorted']], width, 'titles')]
  for (let i = 0; i < room; i++) out.push(fitLine([[' ', 'text'], ...(content[from + i] ?? [])], width))
  return out
}

/** Lines of text that are seen at once. */
export function textRoom(s: UiState): number {
  const l = layout(s)
  return l.body + l.prompt
}

/** The line at the top when the last one is at the bottom. */
export function lastTop(s: UiState, o: TextPage): number {
  return Math.max(0, contentOf(s, o).length - textRoom(s))
}

function contentOf(s: UiState, o: TextPage): Span[][] {
  const width = layout(s).width - 2
  if (o.kind === 'detail') return detailLines(o.detail, width)
  return o.kind === 'help' ? help(width) : legend(page(s).view, s.inside, width)
}
