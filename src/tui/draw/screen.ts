// The whole screen as lines.
import type { UiState } from '../state/model.js'
import { cut } from '../terminal/width.js'
import { bottomLine } from './bottom.js'
import { filterLine, meterLine, timelineLines, titleLine } from './head.js'
import { layout } from './layout.js'
import { menuLines, promptLines } from './menus.js'
import { textPage } from './pages.js'
import { bodyLines, titlesLine } from './table.js'
import type { Span } from './theme.js'

/** All lines of the screen, from the top. */
export function screenLines(s: UiState): Span[][] {
  const l = layout(s)
  if (l.tooSmall) return tiny(s)
  const head: Span[][] = [titleLine(s, l.width), meterLine(s, l.width), ...timelineLines(s, l.width, l.timeline)]
  if (l.filterAt !== undefined) head.push(filterLine(s, l.width))
  return [...head, ...middle(s), bottomLine(s)]
}

/** Titles and rows with what is being typed, or what lies over them. */
function middle(s: UiState): Span[][] {
  const l = layout(s)
  const o = s.overlay
  const lines = l.body + 1 + l.prompt
  if (o?.kind === 'views' || o?.kind === 'sort') return menuLines(s, o, lines)
  if (o !== undefined && 'top' in o) return textPage(s, o)
  const table = [titlesLine(s), ...bodyLines(s)]
  return o === undefined ? table : [...table, ...promptLines(o, l.width, l.prompt)]
}

/** A terminal that cannot hold a table: a sentence, as much of it as fits. */
function tiny(s: UiState): Span[][] {
  const words = ['too', 'small:', 'make', 'it', 'larger', '(q', 'quits)']
  const lines: string[] = []
  for (const w of words) {
    const last = lines[lines.length - 1]
    if (last !== undefined && last.length + 1 + w.length <= s.width) lines[lines.length - 1] = `${last} ${w}`
    else lines.push(cut(w, s.width))
  }
  return lines.slice(0, Math.max(1, s.height)).map((l): Span[] => [[l, 'text']])
}
