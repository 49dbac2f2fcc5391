// What lies over the table: menus at the left, what pages of text say, and the line that is being typed.
import { type Inside, isShown, joinFilters } from '../../table/index.js'
import { columnsOf, type View } from '../../views/define.js'
import { BINDINGS, keyName } from '../keys/bindings.js'
import { choices } from '../state/commands.js'
import { candidates } from '../state/complete.js'
import { type Line, type Overlay, page, type UiState } from '../state/model.js'
import { keyFields } from '../state/question.js'
import { width as cells, clean, fit, skip } from '../terminal/width.js'
import { shownColumns, sortedPlace } from './columns.js'
import { layout } from './layout.js'
import { fitLine, wrap } from './spans.js'
import type { Span } from './theme.js'

const MENU = 22

/** Lines of a menu with what it says about its marked item beside it, `body` + 1 of them. */
export function menuLines(s: UiState, o: Extract<Overlay, { kind: 'views' | 'sort' }>, lines: number): Span[][] {
  const { width } = layout(s)
  const items = o.kind === 'views' ? choices(s).map((v) => v.name) : columnTitles(s)
  const title = o.kind === 'views' ? 'Select view' : 'Sort by'
  const now = o.kind === 'views' ? choices(s).indexOf(page(s).view) : sortedPlace(s)
  const beside = width - MENU - 2
  const text = o.kind === 'views' ? viewText(s, choices(s)[o.at], beside) : columnText(s, o.at, beside)
  const top = menuTop(o.at, items.length, lines - 1)
  const out: Span[][] = [fitLine([[` ${title}`, 'sorted']], width, 'titles')]
  for (let i = 0; i < lines - 1; i++) {
    const at = top + i
    const item = items[at]
    const mark = at === now ? '• ' : '  '
    const left: Span = [fit(item === undefined ? '' : ` ${mark}${item}`, MENU), at === o.at ? 'selected' : 'text']
    out.push(fitLine([left, ['  ', 'text'], ...(text[i] ?? [])], width))
  }
  return out
}

/** The first item that is seen; the marked one is in the middle where that can be. */
function menuTop(at: number, items: number, room: number): number {
  return Math.max(0, Math.min(at - Math.floor(room / 2), items - room))
}

/** The item of a menu at a place of the screen; undefined where there is none. */
export function itemAt(
  s: UiState,
  o: Extract<Overlay, { kind: 'views' | 'sort' }>,
  x: number,
  y: number,
): number | undefined {
  const { bodyAt, body, prompt } = layout(s)
  const items = (o.kind === 'views' ? choices(s) : columnTitles(s)).length
  const line = y - bodyAt
  const at = menuTop(o.at, items, body + prompt) + line
  return x < MENU && line >= 0 && line < body + prompt && at < items ? at : undefined
}

function columnTitles(s: UiState): string[] {
  return shownColumns(s).map(({ column }) => column.title)
}

function viewText(s: UiState, view: View | undefined, width: number): Span[][] {
  return view === undefined ? [] : legend(view, s.inside, width)
}

function columnText(s: UiState, at: number, width: number): Span[][] {
  const c = shownColumns(s)[at]?.column
  if (c === undefined) return []
  return [[[c.title, 'accent']], ...wrap(c.doc, width).map((l): Span[] => [[l, 'text']]), [[c.field, 'dim']]]
}

/** What a view shows: description, tips, columns, filter, where Enter leads. */
export function legend(view: View, inside: Inside, width: number): Span[][] {
  const para = (text: string): Span[][] => wrap(text, Math.min(width, 90)).map((l): Span[] => [[l, 'text']])
  const columns = columnsOf(view).filter((c) => isShown(c, inside))
  const widest = Math.max(...columns.map((c) => c.title.length))
  return [
    [[view.name, 'accent']],
    ...para(view.description),
    ...(view.tips ?? []).flatMap((t) => para(`• ${t}`)),
    [],
    ...columns.map((c): Span[] => [
      [`${c.title.padEnd(widest)}  `, 'strong'],
      [c.doc ?? '', 'text'],
      [`  ${c.field}${c.agg === undefined ? '' : `, ${c.agg}`}`, 'dim'],
    ]),
    [],
    [
      ['id      ', 'dim'],
      [view.id, 'text'],
    ],
    [
      ['filter  ', 'dim'],
      [joinFilters(view.table?.threadFilter, (view.table ?? view.list).filter) ?? 'none', 'text'],
    ],
    [
      ['Enter   ', 'dim'],
      [
        view.drillTo === undefined ? 'leads nowhere' : `${view.drillTo}, by ${keyFields(view, inside).join(' ')}`,
        'text',
      ],
    ],
  ]
}

/** The page of all keys. */
export function help(width: number): Span[][] {
  const out: Span[][] = [[['Keys', 'accent']], []]
  for (const b of BINDINGS) {
    if (/^sort[2-9]$/.test(b.command)) continue
    const sort = b.command === 'sort1'
    const keys = sort ? 'Shift+1..9' : b.keys.map(keyName).join('  ')
    const doc = sort ? 'sort by that column; again: the other way round' : b.doc
    const lines = wrap(doc, Math.max(20, width - 24))
    for (const [i, line] of lines.entries())
      out.push([
        [(i === 0 ? keys : '').padEnd(22), 'strong'],
        [line, 'text'],
      ])
  }
  out.push(
    [],
    [['Mouse', 'accent']],
    [],
    [
      ['click'.padEnd(22), 'strong'],
      ['selects a row; on a title: sorts; on the bottom line: the key; in a menu: takes it', 'text'],
    ],
    [
      ['double click'.padEnd(22), 'strong'],
      ['goes into a row', 'text'],
    ],
    [
      ['wheel'.padEnd(22), 'strong'],
      ['moves through the rows', 'text'],
    ],
  )
  return out
}

/** The line that is being typed, with what helps with it below; `lines` of them. */
export function promptLines(o: Overlay, width: number, lines: number): Span[][] {
  const out: Span[][] = []
  if (o.kind === 'command')
    out.push(
      fitLine(
        [
          [' command ', 'key'],
          [clean(o.text), 'accent'],
          ['   y copies it', 'dim'],
        ],
        width,
      ),
    )
  if (o.kind === 'search') out.push(typed(' search  ', o.line, width))
  if (o.kind === 'filter') {
    out.push(typed(' filter  ', o.line, width))
    if (o.error !== undefined) for (const l of o.error.split('\n')) out.push(fitLine([[`  ${clean(l)}`, 'bad']], width))
    else
      for (const c of candidates(o.line).slice(0, lines - 1))
        out.push(
          fitLine(
            [
              [`  ${c.name.padEnd(24)} `, 'accent'],
              [clean(c.doc), 'dim'],
            ],
            width,
          ),
        )
    if (out.length === 1 && lines > 2)
      out.push(
        fitLine([['  Enter uses it, Tab completes a field, Esc leaves it as it was; empty: everything', 'dim']], width),
      )
  }
  while (out.length < lines) out.push(fitLine([], width))
  return out.slice(0, lines)
}

/** The cursor is drawn as a reversed cell; a long line scrolls. */
function typed(label: string, line: Line, width: number): Span[] {
  const before = clean(line.text.slice(0, line.cursor))
  const under = clean(line.text.slice(line.cursor, line.cursor + 1)) || ' '
  const after = clean(line.text.slice(line.cursor + 1))
  const room = width - cells(label) - 2
  const over = Math.max(0, cells(before) - room + 1)
  return fitLine(
    [
      [label, 'key'],
      [skip(before, over), 'text'],
      [under, 'selected'],
      [after, 'text'],
    ],
    width,
  )
}
