// Descriptions of views and columns as lines: for the page of a view, and beside the menus.
import { GLYPHS } from '../../model/glyphs.js'
import { shellWord } from '../../model/sanitize.js'
import { cellText, type Inside, shownOf } from '../../table/index.js'
import { columnsOf, filterOf, type View } from '../../views/define.js'
import type { UiState } from '../model/model.js'
import { keyFields } from '../model/query.js'
import { aboutAction } from './action.js'
import { availableColumns } from './columns.js'
import type { MenuOverlay } from './menu.js'
import { type Span, wrap } from './spans.js'
import { viewsFound } from './views.js'

/** maximum width of a paragraph */
const WIDEST = 90

/** A view: description, tips, columns, example, filter, and the view that Enter opens. */
export function legend(view: View, inside: Inside, width: number): Span[][] {
  const para = (text: string): Span[][] => wrap(text, Math.min(width, WIDEST)).map((l): Span[] => [[l, 'text']])
  const columns = shownOf(columnsOf(view), inside)
  const widest = Math.max(...columns.map((c) => c.title.length))
  return [
    [[view.name, 'accent']],
    ...para(view.description),
    ...(view.tips ?? []).flatMap((t) => para(`${GLYPHS.bullet} ${t}`)),
    [],
    ...columns.map((c): Span[] => [
      [`${c.title.padEnd(widest)}  `, 'strong'],
      [c.doc ?? '', 'text'],
      [`  ${c.field}${c.agg === undefined ? '' : `, ${c.agg}`}`, 'dim'],
    ]),
    [],
    ...named('id', view.id, width),
    ...named('example', exampleOf(view), width),
    ...named('filter', filterOf(view) ?? 'none', width),
    ...named('Enter', whereEnterLeads(view, inside), width),
  ]
}

function whereEnterLeads(view: View, inside: Inside): string {
  if (view.drillTo === undefined) return 'no level below'
  const around = view.list?.around
  return around === undefined
    ? `${view.drillTo}, by ${keyFields(view, inside).join(' ')}`
    : `${view.drillTo}, of the container or process, within ${cellText(around, { unit: 'time' })} before and after`
}

/** A command line that opens the view with a suitable filter. */
export function exampleOf(view: View): string {
  return `ksys ui -v ${view.id} ${shellWord(view.example)}`
}

const NAME = 8

/** A text after its name, wrapped below itself. */
function named(name: string, text: string, width: number): Span[][] {
  return wrap(text, Math.max(1, width - NAME)).map((line, i): Span[] => [
    [(i === 0 ? name : '').padEnd(NAME), 'dim'],
    [line, 'text'],
  ])
}

/** A description of the marked item of a menu, in lines of `width`. */
export function aboutItem(s: UiState, o: MenuOverlay, width: number): Span[][] {
  if (o.kind === 'views') {
    const view = viewsFound(s, o.typed.text)[o.at]
    return view === undefined ? [] : legend(view, s.inside, width)
  }
  if (o.kind === 'actions') {
    const offer = o.offers[o.at]
    return offer === undefined ? [] : aboutAction(s, offer, width)
  }
  if (o.kind === 'data') return []
  const c = availableColumns(s)[o.at]?.column
  if (c === undefined) return []
  return [[[c.title, 'accent']], ...wrap(c.doc, width).map((l): Span[] => [[l, 'text']]), [[c.field, 'dim']]]
}
