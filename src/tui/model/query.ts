// The present query: its filter, columns and selections, for the worker and as a command line.

import { registry } from '../../fields/index.js'
import { checkFilter, FilterError } from '../../filter/index.js'
import { literal, plainText } from '../../filter/literal.js'
import { shellWord } from '../../model/sanitize.js'
import { groupsOf, type Inside, joinFilters, keysOf, shownOf } from '../../table/index.js'
import type { Cell } from '../../table/types.js'
import { columnsOf, type View, WHOLE_MACHINE } from '../../views/define.js'
import { viewsFor } from '../../views/index.js'
import { shownName } from '../names.js'
import type { DataStyle, RowData, Sort } from '../worker/messages.js'
import { type Drill, isPast, page, type Step, step, type UiState } from './model.js'
import { sortChosen } from './settings.js'

/** The user's filter and the selections of all pages, joined. */
export function selectionFilter(s: UiState): string {
  const drills = s.pages.flatMap((p) => p.drill ?? [])
  const first = drills.findLastIndex((d) => d.instead === true)
  const parts = drills.slice(Math.max(0, first)).map((d) => d.filter)
  if (s.filter === '') return parts.join(' and ')
  return parts.length === 0 ? s.filter : `(${s.filter}) and ${parts.join(' and ')}`
}

/** The same with the span of the timeline: the complete filter of the query. */
export function queryFilter(s: UiState): string {
  return joinFilters(selectionFilter(s), spanFilter(s)) ?? ''
}

/** The filter of every page: the user's filter and the span of the timeline. */
export function pageFilter(s: UiState): string {
  return joinFilters(s.filter, spanFilter(s)) ?? ''
}

function spanFilter({ chosen: { span } }: UiState): string | undefined {
  if (span === undefined) return undefined
  const ns = (ms: number) => BigInt(Math.round(ms * 1000)) * 1000n
  return `evt.rawtime>=${ns(span.from)} and evt.rawtime<${ns(span.to)}`
}

/** Whether the page shows a group of short-lived processes. */
function isApart(s: UiState): boolean {
  return s.pages.some((p) => p.drill?.apart === true)
}

/** Whether the page shows data of I/O calls, unless they are masked. */
export function isRaw(s: UiState): boolean {
  return page(s).view.list?.raw === true
}

/** Whether the page depends on data of calls: masked, or live, where data may not be available. */
export function showsData(s: UiState): boolean {
  return isRaw(s) || (s.file === undefined && (page(s).view.list?.buffers ?? 0) > 0)
}

/** The style of data, or masked. */
export function dataStyle(s: UiState): DataStyle {
  return s.masked ? 'masked' : s.dataStyle
}

/** Re-sends the present query to the worker. */
export function requery(s: UiState): Step {
  const number = s.number + 1
  const inside = insideNow(s)
  const pages = s.pages.map((p) => ({
    ...p,
    sort:
      p.sort === undefined
        ? sortChosen(s, p.view, requestedInside(s, inside))
        : moved(p.view, p.sort, requestedInside(s, s.inside), requestedInside(s, inside)),
  }))
  const state: UiState = {
    ...s,
    inside,
    pages,
    number,
    result: undefined,
    refused: undefined,
    held: isPast(s),
    newest: undefined,
  }
  const { view, sort, selected } = page(state)
  const about = {
    view: view.id,
    filter: queryFilter(s),
    data: dataStyle(s),
    inside: requestedInside(s, inside),
    apart: isApart(s),
  }
  return step(state, { kind: 'send', request: { kind: 'query', number, ...about, sort, pinned: selected, at: s.at } })
}

/**
 * Optional columns to request when `shown` are shown: for a file all of them, since otherwise it would be re-read when
 * containers are found late in it; live only the shown ones, since each costs time at every event.
 */
export function requestedInside(s: UiState, shown: Inside): Inside {
  return s.file === undefined ? shown : { ...shown, containers: true, pods: true }
}

/** Optional columns to show: those requested by options, and those for which something was found. */
export function insideNow(s: UiState): Inside & { readonly pods: boolean } {
  const found = s.source?.inside
  return {
    containers: s.wanted.containers || found?.containers === true,
    pods: s.wanted.pods === true || found?.pods === true,
    ...(s.wanted.hosts === true && { hosts: true }),
  }
}

/** The sort order with its column's index after other columns are shown; undefined if the column is hidden. */
function moved(view: View, sort: Sort, from: Inside, to: Inside): Sort | undefined {
  const all = columnsOf(view)
  const sorting = shownOf(all, from)[sort.column]
  const column = sorting === undefined ? -1 : shownOf(all, to).indexOf(sorting)
  return column < 0 ? undefined : { ...sort, column }
}

/** The fields that identify a selected row of this view. */
export function keyFields(view: View, inside: Inside): readonly string[] {
  if (view.spectrogram !== undefined) return ['evt.rawtime', 'evt.latency']
  return view.table === undefined ? ['evt.num'] : (groupsOf(view.table, inside) ?? keysOf(view.table, inside))
}

/** What selecting a row adds to the query; undefined if a key has no value. */
export function drillOf(s: UiState, row: Pick<RowData, 'keys' | 'group'>): Drill | undefined {
  return row.group === undefined ? drillByKeys(s, row.keys) : drillByKind(s, row.keys, row.group.by)
}

/** Selects a group: short-lived processes of that program and parent. */
function drillByKind(s: UiState, keys: readonly Cell[], by: readonly Cell[]): Drill {
  const { view } = page(s)
  const fields = view.table === undefined ? [] : (view.collapseBy ?? [])
  const rest = keyFields(view, s.result?.inside ?? requestedInside(s, s.inside)).slice(1)
  const parts = [
    ...fields.map((field, i) => conditionOf(field, by[i])),
    ...rest.map((field, i) => conditionOf(field, keys[i + 1])),
    `proc.duration<${s.refresh % 1000 === 0 ? `${s.refresh / 1000}s` : `${s.refresh}ms`}`,
  ]
  const [what, ...of] = [...by, ...keys.slice(1)].filter((v) => (v ?? '') !== '').map(plainText)
  return {
    field: fields[0] ?? '',
    filter: parts.join(' and '),
    label: `short-lived ${[what ?? 'processes', ...of].join(' of ')}`,
    apart: true,
  }
}

function conditionOf(field: string, value: Cell): string {
  return value === undefined ? `not ${field} exists` : `${field}=${literal(value)}`
}

function drillByKeys(s: UiState, keys: readonly Cell[]): Drill | undefined {
  const { view } = page(s)
  const known = hostOnly(s) ? withoutContainer : (field: string, value: NonNullable<Cell>) => ({ field, value })
  const parts: { field: string; value: NonNullable<Cell> }[] = []
  for (const [i, field] of keyFields(view, s.result?.inside ?? requestedInside(s, s.inside)).entries()) {
    const value = keys[i]
    if (value === undefined) return undefined
    parts.push(known(field, value))
  }
  return {
    field: parts[0]?.field as string,
    filter: parts.map(({ field, value }) => `${field}=${literal(value)}`).join(' and '),
    label: parts.map(({ field, value }) => labelOf(field, plainText(value))).join(' '),
  }
}

/** Whether a file was read completely and has no containers: names need no container prefix. */
function hostOnly({ file, inside, result }: UiState): boolean {
  return file !== undefined && !inside.containers && result?.progress === undefined && result?.cancelled !== true
}

/** The name without container prefix, for a name on the host. */
function withoutContainer(field: string, value: NonNullable<Cell>): { field: string; value: NonNullable<Cell> } {
  if (!field.startsWith('fd.container') || typeof value !== 'string' || !value.startsWith(':')) return { field, value }
  return { field: field.replace('container', ''), value: value.slice(1) }
}

/** A label; names on the host have no container prefix. */
function labelOf(field: string, value: string): string {
  if (field === 'fd.name') return `${field}=${shownName(value)}`
  const host = withoutContainer(field, value)
  return host.field === field ? `${field}=${value}` : labelOf(host.field, plainText(host.value))
}

/** The present screen as a shell command line. */
export function commandLine(s: UiState): string {
  const { view } = page(s)
  const words = ['ksys', 'ui', ...(s.file === undefined ? [] : ['-r', s.file])]
  if (view.id !== s.views[0]?.id) words.push('-v', view.id)
  if (page(s).tree) words.push('--tree')
  if (s.wanted.containers) words.push(s.wanted.pods ? '-pk' : '-pc')
  // the retained past of this machine ends with the UI
  const filter = s.file === undefined ? selectionFilter(s) : queryFilter(s)
  for (const file of s.rulesFiles) words.push('--rules', file)
  words.push(...s.captureArguments)
  if (filter !== '') words.push(filter)
  return words.map(shellWord).join(' ')
}

/** The views that can be opened for the present selection. */
export function choices(s: UiState): UiState['views'] {
  return viewsFor(s.views, page(s).drill?.field ?? WHOLE_MACHINE)
}

/** The styles available on a page, in the order of the menu. */
export function stylesOf(
  s: UiState,
): readonly { readonly style: Exclude<DataStyle, 'masked'>; readonly name: string }[] {
  const printable = page(s).view.list?.conversation ? [{ style: 'printable', name: 'Printable text' } as const] : []
  return [{ style: 'text', name: 'Text with dots' }, ...printable, { style: 'hex', name: 'Hexadecimal' }]
}

/** Changes the filter; returns lines of text with a caret for an invalid one. */
export function filterBy(s: UiState, words: string): Step | string {
  const filter = words.trim()
  try {
    if (filter !== '') checkFilter(filter, registry)
  } catch (e) {
    if (!(e instanceof FilterError)) throw e
    return e.format()
  }
  return filter === s.filter ? step(s) : requery({ ...s, filter })
}

/** A command line, quoted for a shell. */
export const commandText = (argv: readonly string[]): string => argv.map(shellWord).join(' ')
